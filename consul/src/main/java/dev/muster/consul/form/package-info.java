/// What requests say: JSON, Go's notations, definitions of services and checks.
@NullMarked
package dev.muster.consul.form;

import org.jspecify.annotations.NullMarked;
