"""plant.py SAMPLES OUT - every sample with a person's name, address and words put into it.

OUT-xlsx holds the tables as workbooks, OUT-parquet those that come as Parquet, still as CSV.
A sample in which nothing could be planted, or a format without a sample, ends the test."""
import csv, io, json, os, re, sys, zipfile
from xml.sax.saxutils import escape

NAME, MAIL, TEXT = "Zebulon Quartermain", "zq@example.org", "xyzzy: Zebulon asks"
PEOPLE = re.compile(r"(user(?!s\b)|e-?mail|login|employee|first.?name|last.?name|member|holder|worker|person|"
                    r"credential|principal|requester|created.?by|owner|end_user|api_key_name|^api_key$)", re.I)
# columns of ledgers and statements that may name whom money went to
PAYEES = re.compile(r"^(name|payee|contact|counterparty|merchant|vendor name|full.?name)$", re.I)
MEMOS = re.compile(r"(memo|description|narrative|^details$|comment|^note$|reference)", re.I)
WORDS = re.compile(r"(prompt|response|messages|input|output|content|body|query)$", re.I)
TAGS = re.compile(r"^(tags|x_tags|labels|custom_tags|resource_tags|request_tags)$", re.I)
LEDGERS = {"hledger", "ledger_csv", "quickbooks_journal", "quickbooks_ledger", "xero", "netsuite", "bank",
           "bank_split", "card_amex", "card_chase"}
OWNERS = {"owner": "zebulon.quartermain", "created_by": NAME, "mail": MAIL, "team": "search"}
HEADLESS = {"ledger_csv": ["date", "code", "payee", "account", "commodity", "quantity", "cleared", "note"]}


def tags(cell):
    try:
        value = json.loads(cell) if cell.strip() not in ("", "NULL", "null") else {}
    except ValueError:
        return cell
    if isinstance(value, dict):
        value.update(OWNERS)
        return json.dumps(value)
    return cell


def cell_of(column, cell, ledger, full):
    """What a cell becomes, or None."""
    if column.lower().startswith("resourcetags/"):
        return None  # one tag a column: "user:team" is a team
    if TAGS.match(column):
        now = tags(cell)
        return None if now == cell else now
    if re.match(r"^\s*[\d.,:/ T+Z-]*\s*$", cell) and cell.strip():
        return None  # numbers and dates
    if ledger and PAYEES.match(column):
        return NAME if full and cell.strip() else None
    if ledger and MEMOS.search(column):
        return f"{cell} for {NAME} {MAIL}" if cell.strip() else None
    if PEOPLE.search(column):
        return MAIL if re.search(r"mail|login|principal", column, re.I) else NAME
    return TEXT if WORDS.search(column) and not ledger else None


def plant_csv(name, text):
    ledger = name in LEDGERS
    dialect = ";" if text.count(";") > text.count(",") else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=dialect))
    widest = max(len(r) for r in rows)
    at = 0 if name in HEADLESS else max(range(min(len(rows), 12)),
                                        key=lambda i: (sum(bool(c.strip()) for c in rows[i][:widest]), -i))
    header = HEADLESS.get(name) or rows[at]
    planted = 0
    first = at if name in HEADLESS else at + 1
    for n, row in enumerate(rows[first:]):
        if name == "seats" or name == "hris" or len(row) >= len(header) - 1:
            for i, column in enumerate(header[:len(row)]):
                now = cell_of(column, row[i], ledger, full=n % 2 == 0)
                if now is not None:
                    row[i] = now
                    planted += 1
    if not ledger and name not in HEADLESS and all(len(r) == len(header) for r in rows[at:]):
        for row in rows[at:]:
            row += ["user_email", "prompt", "response"] if row is rows[at] else [MAIL, TEXT, TEXT]
        planted += 3
    out = io.StringIO()
    csv.writer(out, delimiter=dialect, lineterminator="\n").writerows(rows)
    return out.getvalue(), planted


def plant_json(value):
    """Into every record: people and words; existing ones are replaced."""
    if isinstance(value, list):
        n = sum(plant_json(v) for v in value)
        if value and all(isinstance(v, dict) and "key" in v and "value" in v for v in value):
            text = {"stringValue": TEXT} if isinstance(value[0]["value"], dict) else TEXT
            value += [{"key": "gen_ai.prompt", "value": text}, {"key": "gen_ai.input.messages", "value": text},
                      {"key": "user.email", "value": text}, {"key": "enduser.id", "value": text}]
            n += 4
        return n
    if not isinstance(value, dict):
        return 0
    n = 0
    for key, v in list(value.items()):
        if TAGS.match(key) and isinstance(v, (dict, list)):
            if isinstance(v, dict):
                v.update(OWNERS)
            elif v and isinstance(v[0], dict):
                v += [{"key": k, "value": o} for k, o in OWNERS.items() if k != "team"]
            n += 1
        elif isinstance(v, (dict, list)) and not re.match("usage|cost", key):
            n += plant_json(v)
        elif isinstance(v, str) and TAGS.match(key):
            value[key] = tags(v)
            n += 1
        elif isinstance(v, str) and (PEOPLE.search(key) or key in ("cwd", "text", "content", "prompt", "input",
                                                                   "output", "messages", "response")):
            value[key] = f"{NAME} {MAIL} {TEXT}"
            n += 1
    leaf = any(not isinstance(v, (dict, list)) for v in value.values())
    if leaf and not set(value) & {"key", "kind", "intValue", "stringValue", "object_"}:
        for key, v in (("user_email", MAIL), ("prompt", TEXT), ("completion_text", TEXT)):
            if key not in value:
                value[key] = v
                n += 1
    return n


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARQUET = ("focus", "aws_cur", "azure_", "gcp_billing_csv", "databricks", "snowflake", "litellm", "langfuse", "helicone",
           "request_log")


def rows_of(text):
    dialect = ";" if text.count(";") > text.count(",") else ","
    return list(csv.reader(io.StringIO(text), delimiter=dialect))


def write_workbook(path, text):
    """All cells as text; a name per sheet."""
    cells = []
    for i, row in enumerate(rows_of(text)):
        cells.append('<row r="%d">%s</row>' % (i + 1, "".join(
            '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % escape(c) for c in row)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Data" '
                                      'sheetId="1" r:id="a"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels",
                   '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                   f'Id="a" Type="{OFFICE}/worksheet" Target="worksheets/a.xml"/></Relationships>')
        z.writestr("xl/worksheets/a.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(cells)}</sheetData></worksheet>')


samples, out = sys.argv[1:3]
for folder in (out, out + "-xlsx", out + "-parquet"):
    os.makedirs(folder)
os.makedirs(out + "-metrics")  # they count again what the spans count
for name in sorted(os.listdir(samples)):
    if name in ("plan", "prices"):
        continue
    for kind in ("csv", "json", "jsonl"):
        path = os.path.join(samples, name, "input." + kind)
        if not os.path.exists(path):
            continue
        text = open(path, encoding="utf-8-sig").read()
        if kind == "csv":
            text, planted = plant_csv(name, text)
        else:
            docs, at, decode = [], 0, json.JSONDecoder().raw_decode
            while text[at:].strip():  # one document, several, or one a line
                at += len(text[at:]) - len(text[at:].lstrip())
                doc, at = decode(text, at)
                docs.append(doc)
            planted = sum(plant_json(d) for d in docs)
            text = "\n".join(json.dumps(d) for d in docs) + "\n"
        if not planted:
            sys.exit(f"{path}: nothing planted")
        folder = out + "-metrics" if name.startswith("otel_metrics") else out
        open(os.path.join(folder, f"{name}.{kind}"), "w").write(text)
        if kind == "csv" and name not in HEADLESS:
            write_workbook(os.path.join(out + "-xlsx", name + ".xlsx"), text)
        if kind == "csv" and name.startswith(PARQUET):
            with open(os.path.join(out + "-parquet", name + ".csv"), "w") as f:
                csv.writer(f, lineterminator="\n").writerows(rows_of(text))
