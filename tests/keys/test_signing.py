import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from daicho.keys.signing import Signer, public_keys_of, read_public_keys, write_public_keys
from daicho.words.errors import InputError


def test_a_signature_verifies_only_for_its_key_and_message():
    one, other = Signer.generate(), Signer.generate()
    keys = public_keys_of([one.public_pem(), other.public_pem()])
    signature = one.sign(b"message")
    assert keys.verifies(one.key_id, signature, b"message")
    assert not keys.verifies(one.key_id, signature, b"another")
    assert not keys.verifies(other.key_id, signature, b"message")
    assert not keys.verifies("unknown", signature, b"message")
    assert not keys.verifies(one.key_id, b"", b"message")


def test_a_signer_comes_back_from_its_secret():
    one = Signer.generate()
    assert Signer(one.secret()).key_id == one.key_id


def test_both_public_forms_read_back():
    pems = [Signer.generate().public_pem() for _ in range(3)]
    written = write_public_keys(pems, trail="t1")
    from_json = read_public_keys(written.encode(), path="key.json")
    from_pem = read_public_keys("".join(pems).encode(), path="key.pem")
    assert set(from_json.keys) == set(from_pem.keys)
    assert len(from_pem.keys) == 3
    assert (from_json.trail, from_pem.trail) == ("t1", "")
    assert [key["id"] for key in json.loads(written)["keys"]] == list(from_json.keys)


OTHER_KIND = Ed448PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
BAD = [
    b"",
    b"{}",
    b'{"keys": 5}',
    b'{"keys": [{}]}',
    b'{"keys": [{"pem": "x"}]}',
    b"{" * 100_000,
    b"\xff",
    OTHER_KIND,
    b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
]


@pytest.mark.parametrize("raw", BAD, ids=range(len(BAD)))
def test_what_is_no_public_key_is_refused_with_its_place(raw):
    with pytest.raises(InputError) as refused:
        read_public_keys(raw, path="the-file")
    assert "the-file" in refused.value.say("en")
