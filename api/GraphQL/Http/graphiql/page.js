// Starts GraphiQL. Queries and mutations are one POST; subscriptions are server-sent events on the same endpoint.
// A bearer token goes into GraphiQL's "Headers" pane: { "Authorization": "Bearer ..." }.
const root = document.getElementById('graphiql');

function isSubscription({ operationName }, { documentAST } = {}) {
  return documentAST?.definitions.some(definition =>
    definition.kind === 'OperationDefinition'
    && definition.operation === 'subscription'
    && (!operationName || definition.name?.value === operationName)) ?? false;
}

function send(params, options, accept) {
  return fetch(root.dataset.endpoint, {
    method: 'POST',
    headers: { ...options?.headers, 'content-type': 'application/json', accept },
    body: JSON.stringify(params),
  });
}

// Yields the result of every "next" event until "complete"; leaving the loop cancels the request.
async function* events(params, options) {
  const response = await send(params, options, 'text/event-stream');
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield await response.json();
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (text + value).split('\n\n');
      text = parts.pop();
      for (const part of parts) {
        if (!part.startsWith('event: next')) continue;
        const data = part.split('\n').filter(line => line.startsWith('data: ')).map(line => line.slice(6));
        yield JSON.parse(data.join('\n'));
      }
    }
  } finally {
    await reader.cancel();
  }
}

const fetcher = (params, options) => isSubscription(params, options)
  ? events(params, options)
  : send(params, options, 'application/graphql-response+json').then(response => response.json());

ReactDOM.createRoot(root).render(React.createElement(GraphiQL, { fetcher }));
