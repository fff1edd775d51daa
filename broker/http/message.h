// Requests and responses of the HTTP face, free of any HTTP library: what a handler sees of a
// request that the server already found well-formed and within its limits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluis::http {

enum class Method { kGet, kHead, kPost, kOther };

struct Request {
  Method method = Method::kOther;
  std::string
      target;  // as sent, begins with '/'; nothing is decoded, so one thing has one spelling
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in order
  std::string body;
  std::string
      certificate_pem;  // of the verified client; empty on a listener without client certificates

  bool IsRead() const { return method == Method::kGet || method == Method::kHead; }
  // The value of a header that stands exactly once, else nullopt: of two values nobody knows which
  // counts.
  std::optional<std::string_view> Header(std::string_view lower_case_name) const;
};

struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view route = "other";  // for metrics: one of a few constants, never a path
};

// Answers requests. Thread-safe; outlives the servers that use it. A HEAD request is answered as a
// GET: the server keeps the body back.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response Handle(const Request& request) = 0;
};

}  // namespace sluis::http
