/** The answers of a session as a file: CSV (RFC 4180), a row an answer. Nothing leaves the machine but by the user's hand. */
import { sameAnswer, verdictOf } from '../../state/questions/answer';
import type { Entry } from '../../state/questions/answers.svelte';
import type { Questions } from '../../state/questions.svelte';
import { ANSWER_COLUMNS, answerText, QUESTIONS } from '../../words/questions';
import { save } from '../export/save';

type Row = Readonly<Record<(typeof ANSWER_COLUMNS)[number], string | number>>;

/** Between the parts of a field that is a list. */
const AND = ' | ';

function row(title: string, { answered, text, version }: Entry): Row {
  const { step, ask, said, confidence, truth, saw, votes } = answered;
  const verdict = verdictOf(answered);
  return {
    scenario: title,
    version,
    step,
    ask,
    question: text ?? '',
    answer: verdict === 'class' ? '' : answerText(said),
    confidence: confidence ?? '',
    truth: answerText(truth),
    verdict,
    seen: saw ? answerText(saw) : '',
    seenRight: saw ? (sameAnswer(saw, truth) ? 'yes' : 'no') : '',
    options: votes ? votes.options.map((one) => (one ? answerText(one) : QUESTIONS.unsure)).join(AND) : '',
    firstVote: votes ? votes.first.join(AND) : '',
    secondVote: votes ? votes.second.join(AND) : '',
  };
}

export function answersFile(title: string, entries: readonly Entry[]): string {
  const rows = entries.map((entry) => {
    const fields = row(title, entry);
    return ANSWER_COLUMNS.map((column) => field(fields[column]));
  });
  return [[...ANSWER_COLUMNS], ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** A sheet takes what begins like a formula for one: an apostrophe before it says that it is text. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[\s]*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function saveAnswers(questions: Questions): void {
  const csv = answersFile(questions.session.info?.title ?? '', questions.entries);
  save(new Blob([csv], { type: 'text/csv' }), 'p2mscope-answers.csv');
}
