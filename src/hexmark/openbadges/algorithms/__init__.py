"""What the kinds of keys do, one module a family: which bytes are a key, what it signs, what it verifies.

Only `keys` and `jwk` call these; everybody else has `keys.PublicKey` and `keys.SigningKey`, which know their kind.
"""
