package io.coppice.examples.ledger.http;

import io.coppice.kernel.process.Context;

/** Answers requests. Called by many processes at once. */
public interface HttpHandler {
  /**
   * Answers one request.
   *
   * @param self the process of the connection; it may block
   * @param request what was asked
   * @return the answer
   * @throws HttpError if the request cannot be understood
   */
  HttpResponse handle(Context self, HttpRequest request) throws HttpError;

  /**
   * Dresses up a request that cannot be understood.
   *
   * @param error what is wrong with it
   * @return the answer
   */
  HttpResponse refuse(HttpError error);
}
