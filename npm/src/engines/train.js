import { locate } from 'tepal:code/train';
import * as build from '../../../www/pkg/train/tepal.js';
import { Engine } from '../engine.js';

export const engine = new Engine(build, locate);
