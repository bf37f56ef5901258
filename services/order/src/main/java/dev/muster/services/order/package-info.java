/// order-service: keeps order information by id.
@NullMarked
package dev.muster.services.order;

import org.jspecify.annotations.NullMarked;
