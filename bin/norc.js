#!/usr/bin/env node
// @ts-check
// The launcher: lets Node run norc.ts from any working directory, without a build step.
import { launch } from './launch/launch.js';

await launch('bin/norc.ts');
