#include "tests/lib/crypto/test_pki.h"

#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

#include "lib/crypto/internal/x509.h"

namespace sluis::testing {
namespace {

using AsnIntegerPtr = std::unique_ptr<ASN1_INTEGER, OpensslDeleter<ASN1_INTEGER_free>>;
using AsnTimePtr = std::unique_ptr<ASN1_TIME, OpensslDeleter<ASN1_TIME_free>>;
using NamePtr = std::unique_ptr<X509_NAME, OpensslDeleter<X509_NAME_free>>;

void Require(bool ok) {
  if (!ok) throw std::runtime_error("test certificate could not be made");
}

AsnIntegerPtr NextSerial() {
  static std::atomic<long> next{1000};
  AsnIntegerPtr serial(ASN1_INTEGER_new());
  Require(serial && ASN1_INTEGER_set(serial.get(), next++) == 1);
  return serial;
}

AsnTimePtr Asn(absl::Time time) {
  AsnTimePtr asn(ASN1_TIME_set(nullptr, absl::ToTimeT(time)));
  Require(asn != nullptr);
  return asn;
}

NamePtr NameOf(const CertificateSpec& spec) {
  NamePtr name(X509_NAME_new());
  for (const auto& [type, text] : spec.subject) {
    const int kind = spec.bmp_strings ? V_ASN1_BMPSTRING : V_ASN1_PRINTABLESTRING;
    std::string bytes;
    for (const char c : text) bytes += spec.bmp_strings ? std::string{'\0', c} : std::string{c};
    Require(X509_NAME_add_entry_by_txt(name.get(), type.c_str(), kind, Data(bytes),
                                       static_cast<int>(bytes.size()), -1, 0) == 1);
  }
  return name;
}

std::string PemOf(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return std::string(BioContent(bio.get()));
}

X509Ptr Parse(const std::string& pem) {
  X509Ptr certificate(PEM_read_bio_X509(ReadOnlyBio(pem).get(), nullptr, NoPassphrase, nullptr));
  Require(certificate != nullptr);
  return certificate;
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  Require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

X509Ptr NewCertificate(const X509_NAME* subject, absl::Time not_before, absl::Time not_after,
                       EVP_PKEY* key) {
  X509Ptr certificate(X509_new());
  Require(X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
          X509_set_serialNumber(certificate.get(), NextSerial().get()) == 1 &&
          X509_set_subject_name(certificate.get(), subject) == 1 &&
          X509_set1_notBefore(certificate.get(), Asn(not_before).get()) == 1 &&
          X509_set1_notAfter(certificate.get(), Asn(not_after).get()) == 1 &&
          X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

std::string PublicPem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PUBKEY(bio.get(), key) == 1);
  return std::string(BioContent(bio.get()));
}

}  // namespace

struct TestAuthority::State {
  EvpPkeyPtr key{EVP_EC_gen("P-256")};
  X509Ptr certificate;
};

TestAuthority::TestAuthority(const std::string& name, const TestAuthority* parent)
    : state_(std::make_unique<State>()) {
  const NamePtr subject = NameOf({.subject = {{"CN", name}}, .not_before = {}, .not_after = {}});
  state_->certificate = NewCertificate(subject.get(), absl::FromUnixSeconds(1'600'000'000),
                                       absl::FromUnixSeconds(2'500'000'000), state_->key.get());
  X509* own = state_->certificate.get();
  const State& issuer = parent ? *parent->state_ : *state_;
  Require(X509_set_issuer_name(
              own, X509_get_subject_name(parent ? issuer.certificate.get() : own)) == 1);
  AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  Require(X509_sign(own, issuer.key.get(), EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::Pem() const { return PemOf(state_->certificate.get()); }

IssuedCertificate TestAuthority::IssueWithKey(const CertificateSpec& spec) const {
  const EvpPkeyPtr key(EVP_EC_gen("P-256"));
  const NamePtr subject = NameOf(spec);
  const X509Ptr leaf = NewCertificate(subject.get(), spec.not_before, spec.not_after, key.get());
  Require(X509_set_issuer_name(leaf.get(), X509_get_subject_name(state_->certificate.get())) == 1);
  AddExtension(leaf.get(), state_->certificate.get(), NID_ext_key_usage, spec.usage.c_str());
  if (!spec.alternative_names.empty()) {
    AddExtension(leaf.get(), state_->certificate.get(), NID_subject_alt_name,
                 spec.alternative_names.c_str());
  }
  Require(X509_sign(leaf.get(), state_->key.get(), EVP_sha256()) > 0);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
          1);
  return {PemOf(leaf.get()), std::string(BioContent(bio.get()))};
}

std::string TestAuthority::RevocationList(const std::vector<std::string>& revoked_pems,
                                          absl::Time this_update, absl::Time next_update) const {
  const X509CrlPtr list(X509_CRL_new());
  Require(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
          X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(state_->certificate.get())) ==
              1 &&
          X509_CRL_set1_lastUpdate(list.get(), Asn(this_update).get()) == 1);
  if (next_update != absl::InfiniteFuture()) {
    Require(X509_CRL_set1_nextUpdate(list.get(), Asn(next_update).get()) == 1);
  }
  for (const std::string& pem : revoked_pems) {
    const X509Ptr certificate = Parse(pem);
    X509_REVOKED* entry = X509_REVOKED_new();  // owned by the list once added
    Require(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get())) == 1 &&
            X509_REVOKED_set_revocationDate(entry, Asn(this_update).get()) == 1 &&
            X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  Require(X509_CRL_sort(list.get()) == 1 &&
          X509_CRL_sign(list.get(), state_->key.get(), EVP_sha256()) > 0);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1);
  return std::string(BioContent(bio.get()));
}

CertificateSpec ClientOf(const std::string& oin, absl::Time now) {
  return {.subject = {{"C", "NL"}, {"O", "Testorganisatie"}, {"serialNumber", oin}},
          .not_before = now - absl::Hours(24),
          .not_after = now + absl::Hours(24 * 365)};
}

CertificateSpec LoopbackServer(absl::Time now) {
  return {.subject = {{"CN", "sluis test server"}},
          .not_before = now - absl::Hours(24),
          .not_after = now + absl::Hours(24 * 365),
          .usage = "serverAuth",
          .alternative_names = "IP:127.0.0.1"};
}

std::string RsaPublicPem(int bits) {
  const EvpPkeyPtr key(EVP_RSA_gen(static_cast<unsigned int>(bits)));
  Require(key != nullptr);
  return PublicPem(key.get());
}

std::string Secp384PublicPem() {
  const EvpPkeyPtr key(EVP_EC_gen("P-384"));
  Require(key != nullptr);
  return PublicPem(key.get());
}

std::string EncryptedPrivatePem() {
  const EvpPkeyPtr key(EVP_EC_gen("P-256"));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Require(key && PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), EVP_aes_256_cbc(), "geheim", 6,
                                               nullptr, nullptr) == 1);
  return std::string(BioContent(bio.get()));
}

}  // namespace sluis::testing
