import { locate } from 'tepal:code/predict';
import * as build from '../../../www/pkg/predict/tepal.js';
import { Engine } from '../engine.js';

export const engine = new Engine(build, locate);
