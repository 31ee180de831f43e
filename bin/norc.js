#!/usr/bin/env node
// The launcher: lets Node run norc.ts from any working directory, without a build step.
import { register } from 'tsx/esm/api';

register();
await import('./norc.ts');
