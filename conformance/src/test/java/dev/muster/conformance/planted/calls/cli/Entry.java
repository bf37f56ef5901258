package dev.muster.conformance.planted.calls.cli;

class Entry {
  static void main(String[] args) {
    System.exit(System.getenv().size());
  }
}
