package io.coppice.examples.bus;

/** What happens in a shop. */
sealed interface Event {
  /** Who is interested: the group of this name. */
  String topic();

  record Ordered(String customer, String item) implements Event {
    @Override
    public String topic() {
      return "orders";
    }
  }

  record Shipped(String customer, String item) implements Event {
    @Override
    public String topic() {
      return "shipping";
    }
  }
}
