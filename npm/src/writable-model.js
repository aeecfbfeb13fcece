import { ask, Model } from './model.js';

/** A model of the build that trains, which also writes files. */
export class WritableModel extends Model {
  encode() {
    return ask(this, (model) => model.encode());
  }

  report() {
    return ask(this, (model) => model.report());
  }
}
Object.defineProperty(WritableModel, 'name', { value: 'Model' });
