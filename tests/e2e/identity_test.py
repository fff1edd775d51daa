"""Who is not who he says, against the real daemon: each refused with a reason of its own, and nothing done."""
import http.client
import json
import pathlib
import ssl
import tempfile
import unittest

import impostor
import tokens
import whole
from stage import command, pki
from stage.region import BROKER_HOST

STAFF = "f-oov"


class IdentityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.desk = cls.stage.region.desk_of(STAFF)
        cls.person = cls.desk.person(STAFF)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.authority = pki.Authority(cls.stage.state.pki)
        cls.home = cls.stage.state.desk(cls.desk)

    def certificate(self, name, oin=None, authority=None, make="issue"):
        """A certificate for OOV that is wrong in some way; its file and that of its key."""
        folder = pathlib.Path(self.folder.name)
        files = folder / f"{name}.pem", folder / f"{name}.key"
        subject = pki.subject(self.desk.oin if oin is None else oin, "Gemeente Waterveen", f"{name}.example")
        getattr(authority or self.authority, make)(*files, subject)
        return files

    # ---- the person: over gRPC, with the real command ----

    def refused(self, reason, check="", code=command.LOG_IN, **changes):
        """The directory can be asked for by anybody who is somebody."""
        with impostor.copy_of(self.stage, STAFF, **changes) as profile:
            said = self.stage.sluis.type(STAFF, "case", "list", profile=profile)
        self.assertEqual((said.code, said.reason), (code, reason), said.out + said.err)
        if check:
            self.assertEqual(json.loads(said.err)["error"]["metadata"].get("check"), check, said.err)

    def token(self, algorithm="ES256", **changes):
        return tokens.signed(self.stage, self.desk, tokens.claims_of(self.stage, self.desk, self.person, **changes),
                             algorithm)

    def test_a_token_made_by_hand_is_taken_when_nothing_is_wrong_with_it(self):
        with impostor.copy_of(self.stage, STAFF, token=self.token()) as profile:
            said = self.stage.sluis.type(STAFF, "case", "list", profile=profile)
        self.assertEqual(said.code, command.OK, said.err)

    def test_another_audience(self):
        self.refused("ASSERTION_INVALID", "aud", token=self.token(aud="https://elsewhere.example"))

    def test_alg_none(self):
        self.refused("ASSERTION_INVALID", "alg", token=self.token("none"))

    def test_an_algorithm_that_is_not_the_pinned_one(self):
        self.refused("ASSERTION_INVALID", "alg", token=self.token("RS256"))

    def test_expired(self):
        self.refused("ASSERTION_EXPIRED", token=self.token(iat=1_700_000_000, exp=1_700_000_200))

    def test_longer_than_five_minutes(self):
        claims = tokens.claims_of(self.stage, self.desk, self.person)
        self.refused("ASSERTION_INVALID", "lifetime", token=self.token(exp=claims["iat"] + 301))

    def test_replayed(self):
        with impostor.copy_of(self.stage, STAFF, token=self.token()) as profile:
            self.assertEqual(self.create_case(profile).code, command.OK)
            said = self.create_case(profile)
        self.assertEqual((said.code, said.reason), (command.LOG_IN, "ASSERTION_REPLAYED"), said.err)

    def create_case(self, profile):
        return self.stage.sluis.type(STAFF, "case", "create", "--phase", "signaal", profile=profile)

    def test_a_role_that_this_organisation_cannot_give(self):
        self.refused("ASSERTION_INVALID", "roles", roles=["politie-verstrekker"])

    def test_another_organisation_than_the_certificate_says(self):
        police = self.stage.region.desks["politie/informatie"]
        self.refused("OIN_MISMATCH", code=command.DENIED, token=self.token(oin=police.oin))

    def test_another_unit_than_the_certificate_and_key_are_for(self):
        self.refused("ASSERTION_INVALID", "unit-key", token=self.token(unit="gemeente/burgemeester"))

    def test_a_claim_more_than_there_is_place_for(self):
        self.refused("ASSERTION_INVALID", "claim-unknown", token=self.token(name="somebody"))

    def test_bound_to_another_certificate(self):
        other = self.stage.state.desk(self.stage.region.desks["waterveen/fg"]) / "tls.pem"
        self.refused("ASSERTION_INVALID", "cnf", token=self.token(certificate=other))

    # ---- the organisation: the certificate, over the HTTPS face that answers with words ----

    def get_bundle(self, certificate, key, token):
        """(status, reason) of the answer, or (0, what TLS said)."""
        context = ssl.create_default_context(cafile=str(self.stage.state.public / "ca.pem"))
        context.check_hostname = False
        if certificate is not None:
            context.load_cert_chain(certificate, key)
        connection = http.client.HTTPSConnection("127.0.0.1", self.stage.broker.ports["bundles"], context=context,
                                                 timeout=10)
        try:
            connection.request("GET", "/log/tile/entries/000.p/1", headers={
                "Authorization": f"Bearer {token}", "Sluis-Log-Use": "LAWFULNESS_CHECK", "Host": BROKER_HOST})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())["reason"]
        except ssl.SSLError as refused:
            return 0, refused.reason or str(refused)
        except (ConnectionError, http.client.RemoteDisconnected):
            return 0, "CONNECTION_CLOSED"
        finally:
            connection.close()

    def test_no_certificate(self):
        status, reason = self.get_bundle(None, None, self.token())
        self.assertEqual(status, 0)
        self.assertIn("CERTIFICATE_REQUIRED", reason)

    def test_a_certificate_of_the_desk_gets_as_far_as_the_mandate(self):
        self.assertEqual(self.get_bundle(self.home / "tls.pem", self.home / "tls.key", self.token()),
                         (403, "USE_NOT_ALLOWED"))

    def test_a_certificate_whose_number_is_no_oin(self):
        certificate, key = self.certificate("no-oin", oin="12345")
        self.assertEqual(self.get_bundle(certificate, key, self.token(certificate=certificate)),
                         (401, "CERTIFICATE_WITHOUT_OIN"))

    def test_a_certificate_without_any_number(self):
        certificate, key = self.certificate("no-number", oin="")
        self.assertEqual(self.get_bundle(certificate, key, self.token(certificate=certificate)),
                         (401, "CERTIFICATE_WITHOUT_OIN"))

    def test_a_certificate_of_an_organisation_that_does_not_take_part(self):
        certificate, key = self.certificate("stranger", oin="00000099100000009000")
        self.assertEqual(self.get_bundle(certificate, key, self.token(certificate=certificate)),
                         (401, "CERTIFICATE_NOT_TRUSTED"))

    def test_a_certificate_that_the_directory_does_not_list_for_the_unit(self):
        certificate, key = self.certificate("unlisted")
        self.assertEqual(self.get_bundle(certificate, key, self.token(certificate=certificate)),
                         (401, "CERTIFICATE_NOT_TRUSTED"))

    def test_an_expired_certificate(self):
        status, reason = self.get_bundle(*self.certificate("expired", make="issue_expired"), self.token())
        self.assertEqual(status, 0)
        self.assertIn("EXPIRED", reason)

    def test_a_revoked_certificate(self):
        certificate, key = self.certificate("revoked")
        self.assertEqual(self.get_bundle(certificate, key, self.token(certificate=certificate))[0], 401)
        self.authority.revoke(certificate)
        self.authority.list_revoked(self.stage.state.public / "crl" / "demo.crl")
        self.stage.broker.restart()
        status, reason = self.get_bundle(certificate, key, self.token(certificate=certificate))
        self.assertEqual(status, 0)
        self.assertIn("REVOKED", reason)

    def test_an_authority_that_nobody_knows(self):
        stranger = pki.Authority(pathlib.Path(self.folder.name) / "stranger-ca", "Another CA")
        stranger.make()
        status, reason = self.get_bundle(*self.certificate("elsewhere", authority=stranger), self.token())
        self.assertEqual(status, 0)
        self.assertIn("UNKNOWN_CA", reason)

    # ---- the same certificates over gRPC: there TLS ends the connection ----

    def test_over_grpc_such_certificates_get_no_further_either(self):
        stranger = pki.Authority(pathlib.Path(self.folder.name) / "grpc-ca", "Another CA")
        stranger.make()
        wrong = {"expired": self.certificate("grpc-expired", make="issue_expired"),
                 "unknown": self.certificate("grpc-unknown", authority=stranger)}
        for name, (certificate, key) in wrong.items():
            with self.subTest(name), impostor.copy_of(self.stage, STAFF, certificate=certificate, key=key) as profile:
                said = self.stage.sluis.type(STAFF, "case", "list", profile=profile)
                self.assertIn(said.code, (command.LOG_IN, command.UNREACHABLE), said.err)
                self.assertNotEqual(said.reason, "", said.err)


if __name__ == "__main__":
    whole.main()
