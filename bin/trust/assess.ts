/** `norc trust assess <file>`: what written evidence amounts to, and what would raise it. */
import type { Command } from 'commander';

export function registerAssess(group: Command): void {
  group
    .command('assess')
    .description('score evidence, judge the gates of every level, and say what would raise it')
    .argument('<file>', 'evidence, YAML or JSON')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples stand in reference/trust/evidence/examples/.')
    .action(async (file: string, { json }: { json?: true }) => {
      const { readEvidenceFile } = await import('./evidence-file.ts');
      const { assess } = await import('../../reference/trust/evidence/assessment.ts');
      const { assessmentLines } = await import('./assessment-lines.ts');
      const { createTerminal } = await import('../terminal.ts');
      const { subject, dossier } = readEvidenceFile(file);
      const assessment = assess(dossier);
      if (json) return console.log(JSON.stringify({ subject, ...assessment }));
      const terminal = createTerminal();
      for (const line of assessmentLines(subject, assessment, terminal)) terminal.print(line);
    });
}
