"""A certificate authority by the openssl command: certificates with the OIN in subject.serialNumber, and a
revocation list. For the demonstration and its tests; a real partner has certificates of PKIoverheid."""
import datetime

from stage import layout, run

DAYS = 365
LIST_DAYS = 30
CONFIG = """[req]
distinguished_name = name
[name]
[ca]
default_ca = ca
[ca]
database = {folder}/index.txt
crlnumber = {folder}/crlnumber
default_md = sha256
default_crl_days = {days}
unique_subject = no
"""
KEY_IDS = ("subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid")
CLIENT = (*KEY_IDS, "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=clientAuth")
SERVER = (*KEY_IDS, "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth")


def subject(oin, organisation, name):
    number = f"/serialNumber={oin}" if oin else ""
    return f"/C=NL/O={organisation}{number}/CN={name}"


class Authority:
    def __init__(self, folder, name="Demo CA"):
        self.folder, self.name = folder, name
        self.certificate, self.key = folder / "ca.pem", folder / "ca.key"

    def make(self):
        layout.make_folder(self.folder, layout.PRIVATE)
        (self.folder / "openssl.cnf").write_text(CONFIG.format(folder=self.folder, days=LIST_DAYS), encoding="utf-8")
        run.must(["openssl", "req", "-config", self.folder / "openssl.cnf", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-keyout", self.key, "-out", self.certificate, "-days", DAYS, "-subj", f"/C=NL/O=Kustlanden/CN={self.name}",
                  "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "subjectKeyIdentifier=hash",
                  "-addext", "keyUsage=critical,keyCertSign,cRLSign"])
        (self.folder / "index.txt").touch()
        (self.folder / "crlnumber").write_text("01\n", encoding="ascii")

    def issue(self, certificate, key, subject_name, extensions=CLIENT, names=(), period=("-days", DAYS)):
        """A certificate and its key, both new."""
        options = [word for extension in extensions for word in ("-addext", extension)]
        if names:
            options += ["-addext", "subjectAltName=" + ",".join(names)]
        run.must(["openssl", "req", "-config", self.folder / "openssl.cnf", "-x509", "-CA", self.certificate, "-CAkey", self.key, "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate, "-subj", subject_name,
                  *period, *options])
        key.chmod(0o600)

    def issue_expired(self, certificate, key, subject_name):
        """Was valid for a day, long ago: by `openssl ca`, the only command that sets a past period."""
        request = key.with_suffix(".csr")
        run.must(["openssl", "req", "-config", self.folder / "openssl.cnf", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                  key, "-out", request, "-subj", subject_name])
        policy = self.folder / "expired.cnf"
        policy.write_text(CONFIG.format(folder=self.folder, days=LIST_DAYS) + "policy = any\nrand_serial = yes\n"
                          f"new_certs_dir = {self.folder}\nx509_extensions = leaf\n[any]\ncountryName = optional\n"
                          "organizationName = optional\nserialNumber = optional\ncommonName = optional\n[leaf]\n"
                          "basicConstraints = critical,CA:FALSE\nextendedKeyUsage = clientAuth\n", encoding="utf-8")
        run.must(["openssl", "ca", "-batch", "-notext", "-config", policy, "-cert", self.certificate, "-keyfile", self.key,
                  "-in", request, "-out", certificate, "-startdate", "20250101000000Z", "-enddate", "20250102000000Z"])
        key.chmod(0o600)

    def revoke(self, certificate):
        run.must(["openssl", "ca", "-config", self.folder / "openssl.cnf", "-cert", self.certificate, "-keyfile", self.key,
                  "-revoke", certificate])

    def list_revoked(self, out):
        made = self.folder / "ca.crl"
        run.must(["openssl", "ca", "-config", self.folder / "openssl.cnf", "-cert", self.certificate, "-keyfile", self.key,
                  "-gencrl", "-out", made])
        layout.write(out, made.read_bytes(), 0o644)


def thumbprint(certificate):
    """SHA-256 of the DER, lower case hex."""
    said = run.must(["openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"])
    return said.strip().partition("=")[2].replace(":", "").lower()


def ends_within(certificate, days):
    seconds = int(datetime.timedelta(days=days).total_seconds())
    return run.run(["openssl", "x509", "-in", certificate, "-noout", "-checkend", seconds]).returncode != 0
