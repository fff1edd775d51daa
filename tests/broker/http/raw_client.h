// A client that sends exactly the bytes it is told, well-formed or not, and shows what comes back.
// Blocking; over TCP to 127.0.0.1, or TLS on top.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "broker/http/server.h"
#include "lib/base/mutex.h"

struct ssl_st;
struct ssl_ctx_st;

namespace sluis::testing {

struct RawTls {
  std::string certificate, key;  // PEM; empty: none is shown
  int max_version = 0;           // for example TLS1_2_VERSION; 0: whatever both know
  std::string alpn;              // one protocol; empty: none is offered
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const RawTls* tls = nullptr);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void Send(std::string_view bytes);
  // Until the server ends the connection.
  std::string ReadToEnd();
  // One answer: header and as much body as Content-Length says (none after HEAD).
  std::string ReadAnswer(bool head = false);
  // Text of the TLS failure, for example of the alert that the server sent; "" when there was none.
  const std::string& tls_error() const { return tls_error_; }

 private:
  // False at the end.
  bool ReadSome(std::string& into);
  void NoteTlsError(int result);

  int fd_ = -1;
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> ssl_;
  std::string pending_, tls_error_;
};

// Status of an answer; 0 when it is none.
int StatusOfAnswer(std::string_view answer);
// Value of a header of an answer; "" when it is not there.
std::string HeaderOf(std::string_view answer, std::string_view name);
std::string BodyOf(std::string_view answer);

// Remembers what a server told.
class RecordingObserver : public http::ServerObserver {
 public:
  void OnConnections(int change) override;
  void OnAnswer(std::string_view route, int status, absl::Duration took) override;
  void OnRefusal(std::string_view cause) override;

  // Waits until a refusal was told and takes it.
  std::string TakeRefusal();
  // Waits until `count` connections are open.
  void WaitForConnections(int count);
  std::string last_answer() const;  // for example `tile 200`

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  int connections_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::string refusals_ SLUIS_GUARDED_BY(mutex_), answer_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::testing
