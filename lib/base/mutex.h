// A std::mutex with clang's thread-safety annotations. Not absl::Mutex: ThreadSanitizer reports false
// races through Debian's packaged build of it (style.md §5).
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define SLUIS_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define SLUIS_THREAD_ANNOTATION(x)
#endif

#define SLUIS_GUARDED_BY(x) SLUIS_THREAD_ANNOTATION(guarded_by(x))
#define SLUIS_REQUIRES(...) SLUIS_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define SLUIS_EXCLUDES(...) SLUIS_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace sluis {

class SLUIS_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  void Lock() SLUIS_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void Unlock() SLUIS_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class SLUIS_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SLUIS_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() SLUIS_THREAD_ANNOTATION(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits with the mutex held; spurious wake-ups happen, so callers loop over their condition.
class CondVar {
 public:
  void Wait(Mutex& mutex) SLUIS_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // False when `timeout` passed first.
  template <typename Rep, typename Period>
  bool WaitFor(Mutex& mutex, std::chrono::duration<Rep, Period> timeout) SLUIS_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool woken = condition_.wait_for(lock, timeout) == std::cv_status::no_timeout;
    lock.release();
    return woken;
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace sluis
