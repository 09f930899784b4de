#!/usr/bin/env python3
"""real_sums.py - real files through the binary give their exact sums: real_sums.py OUTLAY TO_PARQUET DATA

Every figure is compared as text, to the last digit. Prints TAP; without the data everything is skipped.
"""
import json
import os
import subprocess
import sys
import tempfile

OUTLAY, TO_PARQUET, DATA = (os.path.abspath(p) for p in sys.argv[1:4])
checks = 0
faults = 0


def check(what, found, wanted):
    global checks, faults
    checks += 1
    if found == wanted:
        print(f'ok {checks} - {what}: {found}')
    else:
        faults += 1
        print(f'not ok {checks} - {what}: found {found}, expected {wanted}')


def outlay(book, *args):
    r = subprocess.run([OUTLAY, '--book', book, *args], capture_output=True, text=True,
                       env={**os.environ, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'})
    return r.returncode, r.stdout, r.stderr


class Book:
    def __init__(self, top):
        self.dir = tempfile.mkdtemp(dir=top) + '/book'
        self.ok('init', self.dir)

    def ok(self, *args):
        status, out, err = outlay(self.dir, *args)
        if status:
            raise SystemExit(f'Bail out! outlay {" ".join(args)}: status {status}: {err}')
        return out

    def load(self, file, *args):
        self.ok('import', *args, os.path.join(DATA, file))
        return self

    def figures(self, *args):
        out = self.ok('inventory', '--format', 'json', '--as-of', '2026-12-31', *args)
        return json.loads(out)

    def sums(self, *args):
        f = self.figures(*args)['figures']
        return f['billed'], f['effective'], f['rows']


FOCUS = [
    # file, billed, effective, rows
    ('focus/focus_sample_rows1-500.csv', '5.9883937432', '2', 500),
    ('focus-spec/saas_spend_agreements_b2.csv', '1200', '1200', 14),
    ('focus-spec/virtual_currency_pricing_model_a1.csv', '200000', '0', 1),
    ('focus-spec/virtual_currency_pricing_model_a2.csv', '0', '1230', 3),
    ('focus-spec/virtual_currency_pricing_model_b2.csv', '0', '615', 3),
    ('focus-spec/commitment_discount_purchase_scenario_3.csv', '4381.5', '0', 4),
    ('focus-spec/commitment_discount_usage_scenario_4.csv', '0.5', '1.5', 2),
    ('focus-ai/ai_model_billing__per_token_ai_model_api.csv', '94.5', '94.5', 2),
    ('focus-ai/ai_model_billing__multi_model_usage.csv', '104.5', '104.5', 4),
    ('focus-ai/ai_model_billing__cached_tokens_via_csp_marketplace.csv', '47.5', '47.5', 2),
    ('focus-ai/ai_prompt_caching__ai_prompt_caching_a.csv', '33.9', '33.9', 4),
    ('focus-ai/correction__closed_scenario_1_partial_reallocation_original.csv', '1500', '1500', 1),
    ('focus-ai/correction__open_current_scenario_1_partial_reallocation_original.csv', '1500', '1500', 1),
    ('exports/aws_cur_sample.csv.gz', '1.6823086974', '1.6823086974', 1281),
    ('exports/mstoolkit_EA_ActualCost_Small.csv', '8.5450077867419368', '8.5450077867419368', 11),
]


def focus(top):
    for file, billed, effective, rows in FOCUS:
        check(file, Book(top).load(file).sums(), (billed, effective, rows))
    sample = Book(top).load('focus/focus_sample_rows1-500.csv')
    accounts = {r['sub_account'] for r in sample.figures('--by', 'sub_account')['tables']['spend']}
    check('focus sample: sub-accounts', len(accounts - {None}), 58)
    hidden = sample.figures('--by', 'service_category,category')['tables']['spend']
    hidden = [r for r in hidden if r['service_category'] == 'Compute' and r['category'] in ('infra', 'review')]
    check('focus sample: AI under Compute is found', sum(r['rows'] for r in hidden) > 0, True)
    whole = Book(top).load('focus-spec').figures('--by', 'currency', '--without-rates')
    files = len(os.listdir(os.path.join(DATA, 'focus-spec')))
    check('focus-spec: every file in one import', whole['figures']['rows'] > files, True)
    both = Book(top).load('focus-validator/all_pass_0.5.csv')  # rows in AUD and in USD
    total = json.loads(both.ok('ledger', 'imports', '--format', 'json'))['tables']['imports'][0]
    check('focus-validator/all_pass_0.5.csv, control total', (total['billed'], total['effective'], total['rows']),
          ('1.1', '1.01', 2))
    for quirk in ('all_fail.csv',):
        b = Book(top)
        status, _, err = outlay(b.dir, 'import', os.path.join(DATA, 'focus-validator', quirk))
        check(f'focus-validator/{quirk} is refused by name', (status, quirk in err), (3, True))


def packed(top):
    plain = Book(top).load('focus/focus_sample_rows1-500.csv')
    keys = ('--by', 'category,service,account,sub_account,month,rule,region,sku')
    wanted = plain.figures(*keys)['tables']
    rows = json.loads(plain.ok('ledger', '--order', 'place', '-n', '1000', '--format', 'json'))['tables']['rows']
    for kind, options in (('text', []), ('typed', ['--typed'])):
        name = os.path.join(top, f'{kind}.parquet')
        subprocess.run([TO_PARQUET, *options, os.path.join(DATA, 'focus/focus_sample_rows1-500.csv'), name],
                       check=True)
        b = Book(top)
        b.ok('import', name)
        check(f'Parquet ({kind}) and CSV give the same sums by every key', b.figures(*keys)['tables'] == wanted, True)
        again = json.loads(b.ok('ledger', '--order', 'place', '-n', '1000', '--format', 'json'))['tables']['rows']
        for r in rows + again:
            r.pop('file', None), r.pop('row', None)
        order = lambda r: json.dumps(r, sort_keys=True)
        check(f'Parquet ({kind}) and CSV give the same 500 rows',
              (len(again), sorted(again, key=order) == sorted(rows, key=order)), (500, True))


def azure(top):
    b = Book(top).load('exports/azure_ea_sample.csv')
    status, _, err = outlay(b.dir, 'inventory')
    check('Canadian dollars need a rate', (status, 'CAD' in err and 'rate' in err), (3, True))
    check('exports/azure_ea_sample.csv in CAD', b.sums('--currency', 'CAD'), ('1.26136926505726', '1.26136926505726', 27))
    b.ok('rates', 'import', os.path.join(DATA, 'fx/ecb_2020_on.csv'))
    check('with the ECB rates in USD', b.sums()[2], 27)


def tokens(book):
    total = {}
    for r in json.loads(book.ok('ledger', '-n', '100000', '--format', 'json'))['tables']['rows']:
        for k in ('tokens_in', 'tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h', 'tokens_out'):
            total[k] = total.get(k, 0) + (r[k] or 0)
    return tuple(total.values())


def usage(top):
    trace = 'usage/AzureLLMInferenceTrace_conv.csv.gz'
    for model, wanted in (('gpt-4o', '96.791325'), ('gpt-4o-mini', '5.8074795')):
        b = Book(top).load(trace, '--model', model)
        check(f'{trace} at the price of {model}', b.sums(), (wanted, wanted, 19366))
    check('its tokens', tokens(b), (22361870, 0, 0, 0, 4088665))
    trace = 'usage/conversation_trace.csv.gz'
    b = Book(top).load(trace, '--model', 'gpt-4o', '--start', '2026-07-01')
    check(f'{trace}: tokens', tokens(b), (144793823, 0, 0, 0, 4122048))
    b = Book(top).load('usage/openai/organization_costs.example.json')
    check('openai costs', b.sums(), ('0.06', '0.06', 1))
    b = Book(top).load('usage/openai/organization_usage_completions.example.json')
    check('openai completions: input, reads, writes', tokens(b)[:3], (500, 400, 100))
    b = Book(top).load('usage/ccusage-fixtures/fixtures_codex_sessions_project-alpha_session-alpha.jsonl')
    check('codex: cumulative counts are not summed', sum(tokens(b)), 4200)
    b = Book(top)
    folder = os.path.join(DATA, 'usage/ccusage-fixtures/')
    b.ok('import', *sorted(folder + f for f in os.listdir(folder) if 'claude' in f))
    check('claude fixtures', b.sums()[0], '1.09')


def main():
    if not os.path.isdir(DATA):
        print(f'1..0 # SKIP no real data at {DATA}')
        return
    with tempfile.TemporaryDirectory(prefix='outlay-real-') as top:
        focus(top)
        packed(top)
        azure(top)
        usage(top)
    print(f'1..{checks}')
    sys.exit(1 if faults else 0)


main()
