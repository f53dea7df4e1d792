'use strict';

/** Gives back what it got, and who it is. */
exports.handler = async (event, context) => {
  return JSON.stringify({
    hello: event.toString(),
    from: context.function.name,
    requestId: context.requestId,
  });
};
