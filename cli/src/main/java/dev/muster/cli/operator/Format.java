package dev.muster.cli.operator;

/// How an answer is printed.
enum Format {
  pretty,
  json
}
