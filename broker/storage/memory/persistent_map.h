// An ordered map whose copies cost nothing and stay as they were: versions share their nodes, which never
// change. A snapshot of the memory engine, a savepoint and a rollback are each one copy of it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

namespace sluis::storage {

// A treap. Copies may be read by several threads at once; one copy is changed by one thread.
template <typename K, typename V>
class PersistentMap {
 public:
  // Valid as long as any version that holds the entry; nullptr when there is none.
  const V* Find(const K& key) const {
    const Node* node = root_.get();
    while (node != nullptr) {
      if (key < node->key) {
        node = node->left.get();
      } else if (node->key < key) {
        node = node->right.get();
      } else {
        return node->value.get();
      }
    }
    return nullptr;
  }

  void Put(const K& key, V value) {
    root_ = Insert(root_, key, std::make_shared<const V>(std::move(value)), NextPriority());
  }

  void Erase(const K& key) { root_ = Remove(root_, key); }

  // Calls visit(key, value) for each entry not before `low`, in order, until it returns false.
  template <typename Visit>
  void From(const K& low, Visit&& visit) const {
    Walk(root_.get(), low, visit);
  }

 private:
  struct Node;
  using Ref = std::shared_ptr<const Node>;
  using ValueRef = std::shared_ptr<const V>;
  struct Node {
    K key;
    ValueRef value;
    std::uint64_t priority;
    Ref left, right;
  };

  static Ref Make(const Node& from, Ref left, Ref right) {
    return std::make_shared<const Node>(
        Node{from.key, from.value, from.priority, std::move(left), std::move(right)});
  }

  static Ref Insert(const Ref& node, const K& key, ValueRef value, std::uint64_t priority) {
    if (node == nullptr) {
      return std::make_shared<const Node>(Node{key, std::move(value), priority, nullptr, nullptr});
    }
    if (key < node->key) {
      const Ref left = Insert(node->left, key, std::move(value), priority);
      if (left->priority <= node->priority) return Make(*node, left, node->right);
      return Make(*left, left->left, Make(*node, left->right, node->right));
    }
    if (node->key < key) {
      const Ref right = Insert(node->right, key, std::move(value), priority);
      if (right->priority <= node->priority) return Make(*node, node->left, right);
      return Make(*right, Make(*node, node->left, right->left), right->right);
    }
    return std::make_shared<const Node>(
        Node{key, std::move(value), node->priority, node->left, node->right});
  }

  static Ref Remove(const Ref& node, const K& key) {
    if (node == nullptr) return nullptr;
    if (key < node->key) return Make(*node, Remove(node->left, key), node->right);
    if (node->key < key) return Make(*node, node->left, Remove(node->right, key));
    return Join(node->left, node->right);
  }

  static Ref Join(const Ref& left, const Ref& right) {
    if (left == nullptr) return right;
    if (right == nullptr) return left;
    if (left->priority > right->priority) return Make(*left, left->left, Join(left->right, right));
    return Make(*right, Join(left, right->left), right->right);
  }

  template <typename Visit>
  static bool Walk(const Node* node, const K& low, Visit& visit) {
    if (node == nullptr) return true;
    if (node->key < low) return Walk(node->right.get(), low, visit);
    return Walk(node->left.get(), low, visit) && visit(node->key, *node->value) &&
           Walk(node->right.get(), low, visit);
  }

  // splitmix64: the shape depends on the order of insertion alone, so a failing test fails again.
  std::uint64_t NextPriority() {
    std::uint64_t z = seed_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  Ref root_;
  std::uint64_t seed_ = 0;
};

}  // namespace sluis::storage
