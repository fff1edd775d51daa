#include "tests/broker/http/raw_client.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "absl/strings/str_format.h"
#include "lib/crypto/internal/x509.h"

namespace sluis::testing {
namespace {

void Require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

std::shared_ptr<SSL_CTX> ContextOf(const RawTls& tls) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (tls.max_version != 0) SSL_CTX_set_max_proto_version(context.get(), tls.max_version);
  if (tls.certificate.empty()) return context;
  const X509Ptr certificate(
      PEM_read_bio_X509(ReadOnlyBio(tls.certificate).get(), nullptr, NoPassphrase, nullptr));
  const EvpPkeyPtr key(
      PEM_read_bio_PrivateKey(ReadOnlyBio(tls.key).get(), nullptr, NoPassphrase, nullptr));
  Require(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1,
          "client certificate");
  return context;
}

int Connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Require(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0,
          "connect");
  return fd;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, const RawTls* tls) : fd_(Connected(port)) {
  if (tls == nullptr) return;
  context_ = ContextOf(*tls);
  ssl_ = std::shared_ptr<SSL>(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(ssl_.get(), fd_);
  if (!tls->alpn.empty()) {
    const std::string offered = static_cast<char>(tls->alpn.size()) + tls->alpn;
    SSL_set_alpn_protos(ssl_.get(), Data(offered), static_cast<unsigned int>(offered.size()));
  }
  NoteTlsError(SSL_connect(ssl_.get()));
}

RawClient::~RawClient() { ::close(fd_); }

void RawClient::NoteTlsError(int result) {
  if (result > 0 || SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return;
  const char* reason = ERR_reason_error_string(ERR_get_error());
  if (tls_error_.empty()) tls_error_ = reason == nullptr ? "connection lost" : reason;
  ERR_clear_error();
}

void RawClient::Send(std::string_view bytes) {
  if (ssl_) {
    if (tls_error_.empty())
      NoteTlsError(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
    return;
  }
  // The server may have ended the connection already; what it said is still to be read.
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::ReadSome(std::string& into) {
  char chunk[16384];
  ssize_t got = 0;
  if (ssl_) {
    if (!tls_error_.empty()) return false;
    got = SSL_read(ssl_.get(), chunk, sizeof(chunk));
    NoteTlsError(static_cast<int>(got));
  } else {
    got = ::recv(fd_, chunk, sizeof(chunk), 0);
  }
  if (got <= 0) return false;
  into.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::string RawClient::ReadToEnd() {
  while (ReadSome(pending_)) {
  }
  return std::exchange(pending_, "");
}

std::string RawClient::ReadAnswer(bool head) {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadSome(pending_)) return std::exchange(pending_, "");
  }
  end += 4;
  const std::string length = HeaderOf(pending_, "Content-Length");
  if (!head && !length.empty()) end += std::stoul(length);
  while (pending_.size() < end && ReadSome(pending_)) {
  }
  std::string answer = pending_.substr(0, end);
  pending_.erase(0, end);
  return answer;
}

int StatusOfAnswer(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ")) return 0;
  return std::stoi(std::string(answer.substr(9, 3)));
}

std::string HeaderOf(std::string_view answer, std::string_view name) {
  const std::string_view head = answer.substr(0, answer.find("\r\n\r\n"));
  const std::size_t start = head.find(absl::StrFormat("\r\n%s: ", name));
  if (start == std::string_view::npos) return "";
  const std::size_t value = start + name.size() + 4;
  return std::string(head.substr(value, head.find("\r\n", value) - value));
}

std::string BodyOf(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? "" : std::string(answer.substr(end + 4));
}

void RecordingObserver::OnConnections(int change) {
  const MutexLock lock(mutex_);
  connections_ += change;
  changed_.NotifyAll();
}

void RecordingObserver::OnAnswer(std::string_view route, int status, absl::Duration) {
  const MutexLock lock(mutex_);
  answer_ = absl::StrFormat("%s %d", route, status);
}

void RecordingObserver::OnRefusal(std::string_view cause) {
  const MutexLock lock(mutex_);
  refusals_ = cause;
  changed_.NotifyAll();
}

std::string RecordingObserver::TakeRefusal() {
  const MutexLock lock(mutex_);
  while (refusals_.empty()) changed_.Wait(mutex_);
  return std::exchange(refusals_, "");
}

void RecordingObserver::WaitForConnections(int count) {
  const MutexLock lock(mutex_);
  while (connections_ != count) changed_.Wait(mutex_);
}

std::string RecordingObserver::last_answer() const {
  const MutexLock lock(mutex_);
  return answer_;
}

}  // namespace sluis::testing
