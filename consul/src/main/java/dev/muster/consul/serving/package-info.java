/// What all endpoints share: routes, reads that wait, shapes of answers.
@NullMarked
package dev.muster.consul.serving;

import org.jspecify.annotations.NullMarked;
