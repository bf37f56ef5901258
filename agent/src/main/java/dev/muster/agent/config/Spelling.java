package dev.muster.agent.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody meant who mistyped a word of ours.
public final class Spelling {
  private Spelling() {}

  /// The known word that is nearest, if any is near.
  public static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(each -> distance(each, word))
                .thenComparing(Comparator.naturalOrder()))
        .filter(each -> isNear(distance(each, word), word));
  }

  private static boolean isNear(int distance, String word) {
    return distance < word.length() && distance <= Math.max(2, word.length() / 3);
  }

  /// The Levenshtein distance.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
