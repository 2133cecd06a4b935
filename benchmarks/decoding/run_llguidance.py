"""Runs a prepared sample through llguidance and prints one JSON line per schema, like run-trocar.mjs.

    python run_llguidance.py SAMPLE.json VOCABULARY.json < schema numbers, one a line

VOCABULARY.json is what dump-vocabulary.mjs writes. Times are CPU microseconds of this thread.
"""
import json
import resource
import sys
import time

import llguidance
import llguidance.numpy

sample = json.load(open(sys.argv[1]))
stored = json.load(open(sys.argv[2]))
end_token = stored["endTokens"][0]
begin = time.process_time()
ranks = {bytes.fromhex(text): rank for rank, text in enumerate(stored["tokens"]) if text is not None}
specials = {f"<|special_{i}|>": i for i, text in enumerate(stored["tokens"]) if text is None}
pattern = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
tokenizer = llguidance.LLTokenizer.from_tiktoken(
    encoder=ranks, special_tokens=specials, pattern=pattern, eos_token=end_token, n_vocab=len(stored["tokens"])
)
bitmask = llguidance.numpy.allocate_token_bitmask(1, tokenizer.vocab_size)
print(json.dumps({"vocabularyMs": (time.process_time() - begin) * 1000, "rssMb": 0}), flush=True)


def allowed(token):
    return bool((int(bitmask[0, token // 32]) >> (token % 32)) & 1)


def run_test(matcher, tokens, times):
    for token in tokens:
        start = time.thread_time_ns()
        llguidance.numpy.fill_next_token_bitmask(matcher, bitmask, 0)
        is_allowed = allowed(token)
        if is_allowed:
            matcher.consume_token(token)
        times.append((time.thread_time_ns() - start) / 1000)
        if not is_allowed:
            return False
    llguidance.numpy.fill_next_token_bitmask(matcher, bitmask, 0)
    return allowed(end_token)


for line in sys.stdin:
    entry = sample[int(line)]
    start = time.process_time()
    grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(entry["schema"]))
    matcher = llguidance.LLMatcher(tokenizer, grammar)
    result = {"name": entry["name"]}
    if matcher.is_error():
        result["refused"] = matcher.get_error()[:200]
    else:
        llguidance.numpy.fill_next_token_bitmask(matcher, bitmask, 0)
        result["firstMaskMs"] = (time.process_time() - start) * 1000
        result["times"], result["wrong"] = [], []
        for i, test in enumerate(entry["tests"]):
            own = []
            verdict = run_test(matcher.deep_copy(), test["tokens"], own)
            if verdict != test["valid"]:
                result["wrong"].append({"test": i, "valid": test["valid"]})
            elif test["valid"]:
                result["times"] += [round(one, 2) for one in own]
    result["rssMb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(result), flush=True)
