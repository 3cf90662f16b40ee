"""Every bound on foreign input, in one place, so that no door is laxer than another."""

DOCUMENT_BYTES = 1024 * 1024
DOCUMENT_DEPTH = 32
ARRAY_ITEMS = 200
#: A learner record is a collection of whole credentials.
RECORD_ITEMS = 5000
RECORD_BLANK_NODES = 5000
#: What all parts of a record say about one thing in one member: PyLD compares each with all before, 5,000 of them in 15 seconds.
RECORD_NODE_VALUES = 1000
#: As many ids as fit into what is fetched. Lists of what was taken back are plain, and grow for ever.
REVOKED_ITEMS = 20_000
BLANK_NODES = 500
#: Hash N-Degree calls plus permutations tried; a poison graph of 4.6 kB would otherwise run for hours.
RDFC_WORK = 4096
#: ECMAScript's exact integers (RFC 8259, 6; RFC 7493, 2.2).
SAFE_INTEGER = 2**53 - 1
IMAGE_BYTES = 5 * 1024 * 1024
IMAGE_PIXELS = 25_000_000
PNG_CHUNKS = 10_000
STATUS_LIST_BYTES = 16 * 1024 * 1024
#: W3C Bitstring Status List 1.0, 6.1: fewer entries would tell too much about each holder.
STATUS_LIST_ENTRIES = 131_072
FETCH_BYTES = 1024 * 1024
FETCH_SECONDS = 8.0
FETCHES_PER_HOST = 2
#: Two honest clocks may differ by this much.
CLOCK_SKEW_SECONDS = 300
DID_CHARACTERS = 2048
#: Shorter RSA keys can be broken, longer ones keep a verifier busy for those who send them.
RSA_BITS = (2048, 8192)
