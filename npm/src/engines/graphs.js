import { locate } from 'tepal:code/graphs';
import * as build from '../../../www/pkg/graphs/tepal.js';
import { Engine } from '../engine.js';

export const engine = new Engine(build, locate);
