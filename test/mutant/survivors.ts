/**
 * Guard mutants that survive a case for a reason: `<case id> <requirement>` and why. An entry that is no
 * longer needed is found by `npm run mutants`, which lists survivors only.
 */
export const explainedSurvivors: { readonly [trial: string]: string } = {
  'client/authentication/permissions-are-of-the-four C-AUTH-07':
    'every user of the reference has both permissions that its guard asks for',
};
