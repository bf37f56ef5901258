package dev.muster.nginx.language;

import java.util.List;
import java.util.Optional;

/// A directive as it was written: `name word word;` or `name word { … }`. What was included stands
/// in place of `include`.
///
/// @param block what stands in the braces, empty for a directive that ends with `;`
public record Directive(
    String name, List<Word> words, Optional<List<Directive>> block, Position at) {
  public Directive {
    words = List.copyOf(words);
    block = block.map(List::copyOf);
  }

  /// The directives in its braces, none for a directive without.
  public List<Directive> inside() {
    return block.orElse(List.of());
  }

  /// How many words follow the name.
  public int size() {
    return words.size();
  }

  /// The text of the word at this index, from 0.
  public String word(int index) {
    return words.get(index).text();
  }

  /// The texts of all words after the name.
  public List<String> texts() {
    return words.stream().map(Word::text).toList();
  }
}
