/** Compliance reports: for authorities in policy, and nobody else (T 9.2; profile T20, L-T31). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { ComplianceReport } from '../../../../spec/messages/trust/compliance-report.ts';
import type { ComplianceReportResponse } from '../../../../spec/messages/trust/compliance-report-response.ts';
import { reportScopes } from '../../../../spec/messages/trust/enumerations.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { freshLink } from './steps/outcomes.ts';
import { answerTo, checkSealed, DAY, secondsNow } from './steps/questions.ts';

const { common, federation, trust } = errorCode;
const readings = ['L-T31'] as const;
const type = 'compliance_report_response';

/** No server: a name and a key that the operator has configured. */
const AUTHORITY = 'Conformance auditor';
const SEED = new Uint8Array(32).fill(0x2a);
const PUBLIC_KEY = 'GX9rI-FshTLGq8g4-s1ep4m-DHaykgM0A5v6iz02jWE';

const known = { trust: { complianceAuthorities: { [AUTHORITY]: PUBLIC_KEY } } };
const needs = { policy: known } as const;

interface Asking {
  readonly change?: Partial<ComplianceReport>;
  readonly seed?: Uint8Array;
}

function report(stage: Stage, { change = {}, seed = SEED }: Asking = {}): JsonObject {
  const now = secondsNow(stage);
  const message: ComplianceReport = {
    type: 'compliance_report',
    report_id: stage.uuid(),
    requesting_authority: AUTHORITY,
    target_server: stage.subject.serverId,
    compliance_standard: 'fips_140_2',
    report_period: { start_date: now - 30 * DAY, end_date: now },
    report_scope: [...reportScopes],
    evidence_required: true,
    confidentiality_level: 'restricted',
    transcript_hash: stage.crypto.transcript('norc-t-handshake-v1', []),
    ...change,
  };
  const bare = without({ ...message } as JsonObject, 'signature');
  const key = stage.crypto.signingKey(seed);
  return { ...bare, signature: stage.crypto.sign(key, bare) };
}

/** The authority comes over a link like any server, without any trust. */
const link = async (stage: Stage) => freshLink(await stage.peer());

const answered = defineCase({
  id: 'trust/compliance/an-authority-gets-the-report-it-asked-for',
  title: 'An authority in policy gets a signed report by the standard and of the period it named',
  verifies: ['T-COMP-01', 'T-COMP-03'],
  behaviour: ['T-COMP-01', 'T-COMP-03'],
  readings,
  needs,
  async run(stage) {
    const question = report(stage);
    const on = await link(stage);
    const { message, answer } = await answerTo(stage, 'T-COMP-01', on, { question, type });
    checkSealed(stage, 'T-COMP-01', { answer, question, member: 'report_signature' });
    const { report_id, target_server } = message;
    const echoed = {
      report_id,
      target_server,
      compliance_standard: message.compliance_standard ?? question.compliance_standard,
      report_period: message.report_period ?? question.report_period,
    };
    const asked = {
      report_id: question.report_id,
      target_server: question.target_server,
      compliance_standard: question.compliance_standard,
      report_period: question.report_period,
    };
    const { crypto } = stage;
    const isEcho = crypto.hash(asJson(echoed)) === crypto.hash(asJson(asked));
    stage.check('T-COMP-01', isEcho, { what: 'what is repeated', expected: asked, got: echoed });
    checkConsistent(stage, message);
  },
});

const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));

/** One control that is not compliant makes the whole not compliant. */
function checkConsistent(stage: Stage, message: ComplianceReportResponse): void {
  const statuses = message.assessment_results.map(({ status }) => status);
  const { compliance_status: whole, compliance_score: score } = message;
  const isWorse = statuses.includes('non_compliant') || statuses.includes('conditional');
  const isConsistent =
    (whole !== 'compliant' || !isWorse) &&
    (whole !== 'non_compliant' || statuses.includes('non_compliant')) &&
    (!statuses.includes('non_compliant') || whole === 'non_compliant');
  stage.check('T-COMP-03', statuses.length > 0 && isConsistent, {
    what: 'the status of the whole, against those of its controls',
    expected: 'the worst of them',
    got: { whole, statuses },
  });
  stage.check('T-COMP-03', score >= 0 && score <= 100 && (score === 100) === !isWorse, {
    what: 'the score, which is full only when nothing is wrong',
    expected: '0 to 100',
    got: { score, statuses },
  });
}

const failing = defineCase({
  id: 'trust/compliance/a-control-that-fails-fails-the-report',
  title: 'A subject that may be downgraded says so, and is not compliant as a whole',
  verifies: ['T-COMP-03'],
  behaviour: ['T-COMP-03'],
  readings,
  needs: { policy: { trust: { ...known.trust, allowDowngrade: true } } },
  async run(stage) {
    const question = report(stage);
    const { message } = await answerTo(stage, 'T-COMP-03', await link(stage), { question, type });
    checkConsistent(stage, message);
    const { compliance_status: status, findings } = message;
    stage.check('T-COMP-03', status === 'non_compliant' && findings.length > 0, {
      what: 'status and findings of a subject that takes a lower version than before',
      expected: 'non_compliant, with a finding',
      got: { status, findings },
    });
  },
});

const nobody = defineCase({
  id: 'trust/compliance/nobody-else-is-answered',
  title: 'Who is no authority in policy gets no report, trusted or not',
  verifies: ['T-COMP-02'],
  readings,
  needs,
  async run(stage) {
    const question = report(stage, { change: { requesting_authority: 'Another auditor' } });
    const codes = [common.notAuthorized, federation.notTrusted];
    const stranger = await (await link(stage)).requestRaw(question);
    checkRefused(stage, 'T-COMP-02', stranger, { codes, what: 'a report for a stranger' });
    const friend = await stage.peer();
    const { link: trusted } = await friend.establish();
    const answer = await trusted.requestRaw(question);
    checkRefused(stage, 'T-COMP-02', answer, { codes, what: 'a report for a trusted server' });
  },
});

const forged = defineCase({
  id: 'trust/compliance/the-name-of-an-authority-is-not-enough',
  title: 'A request in the name of an authority that its key has not signed is refused',
  verifies: ['X-SIG-02'],
  readings,
  needs,
  async run(stage) {
    const question = report(stage, { seed: new Uint8Array(32).fill(0x2b) });
    const answer = await (await link(stage)).requestRaw(question);
    checkRefused(stage, 'X-SIG-02', answer, {
      codes: [trust.badSignature, common.notAuthorized],
      what: 'a report that another key has asked for',
    });
  },
});

const faults = (
  [
    ['for-another-server', 'A request about another server is refused', 'server'],
    ['of-a-period-that-ends-before-it-begins', 'A period that ends before it begins', 'turned'],
    ['of-the-future', 'A period that has not ended', 'future'],
  ] as const
).map(([id, title, fault]) =>
  defineCase({
    id: `trust/compliance/a-report-${id}-is-refused`,
    title: fault === 'server' ? title : `${title} is refused`,
    verifies: ['T-COMP-01'],
    readings,
    needs,
    async run(stage) {
      const now = secondsNow(stage);
      const changes = {
        server: { target_server: stage.domain('other') },
        turned: { report_period: { start_date: now, end_date: now - DAY } },
        future: { report_period: { start_date: now, end_date: now + DAY } },
      };
      const question = report(stage, { change: changes[fault] });
      const answer = await (await link(stage)).requestRaw(question);
      checkRefused(stage, 'T-COMP-01', answer, { what: title });
    },
  }),
);

export const cases: readonly Case[] = [answered, failing, nobody, forged, ...faults];
