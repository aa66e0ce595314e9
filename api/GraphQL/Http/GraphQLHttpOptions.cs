using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using GraphQL;
using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>What the GraphQL endpoint allows. Checked when the endpoint is mapped; a wrong value stops the start.</summary>
public sealed class GraphQLHttpOptions
{
    /// <summary>Most bytes of a request body. Default 16 MiB: whole FHIR Bundles travel as variables (a Synthea patient is 3.5 MB).</summary>
    [Range(1_024, 256 << 20)] public int BodySizeMaxBytes { get; set; } = 16 << 20;

    /// <summary>Deepest nesting of the JSON body. Default 64: a FHIR Bundle stays below 30.</summary>
    [Range(4, 512)] public int JsonDepthMax { get; set; } = 64;

    /// <summary>Most values that variables may hold, those inside a raw JSON scalar not counted. Default 100,000.</summary>
    [Range(1, 10_000_000)] public int VariableValuesMax { get; set; } = 100_000;

    /// <summary>Limits on the document's text, checked before validation and before any resolver.</summary>
    public DocumentLimits Document { get; } = new();

    /// <summary>Limits and times of subscriptions over WebSocket and server-sent events.</summary>
    public SubscriptionLimits Subscriptions { get; } = new();

    /// <summary>Documents kept parsed and validated. Default 1,000, least recently used first out.</summary>
    [Range(1, 100_000)] public int DocumentCacheEntriesMax { get; set; } = 1_000;

    /// <summary>Longest run of a query or mutation. Default 30 s, after which the caller gets the code TIMEOUT.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")] public TimeSpan ExecutionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Requests that are read or carried out at one time; more are told BUSY (503) before it is known who they are, so that those who were let in are answered in time however many come. Subscriptions
    /// don't count. Default 128 for each core.
    /// </summary>
    [Range(1, 1_000_000)] public int RequestsUnderWayMax { get; set; } = 128 * Environment.ProcessorCount;

    /// <summary>Queries (never mutations) by GET. Default on.</summary>
    public bool AllowGet { get; set; } = true;

    /// <summary>The GraphiQL page for browsers. Default on.</summary>
    public bool ServeGraphiQL { get; set; } = true;

    /// <summary>Who may ask for <c>__schema</c> and <c>__type</c>. Default: everyone; in production operators (<see cref="Schema.Introspection"/>).</summary>
    public Func<ClaimsPrincipal, bool> AllowIntrospection { get; set; } = static _ => true;

    /// <summary>Documents known in advance, found by id or SHA-256. Default: none.</summary>
    public TrustedDocuments TrustedDocuments { get; set; } = TrustedDocuments.None;

    /// <summary>Refuse every document that is not in <see cref="TrustedDocuments"/>. Default off.</summary>
    public bool RequireTrustedDocuments { get; set; }

    /// <summary>What callers may cost. Default: no limit.</summary>
    public IRequestBudget Budget { get; set; } = UnlimitedBudget.Instance;

    /// <summary>
    /// Whether the bearer token of an HTTP request is no good: asked before anything is done, and again with the result. Then the answer is 401 with a challenge (RFC 6750, section 3), over server-sent events
    /// before the stream begins. Default: never; fields say themselves who may ask.
    /// </summary>
    public Func<HttpContext, ExecutionResult?, bool> IsTokenRefused { get; set; } = static (_, _) => false;

    /// <summary>Makes the user context that resolvers see, once per operation. Default: an empty dictionary.</summary>
    public Func<HttpContext, ClaimsPrincipal, IDictionary<string, object?>> CreateUserContext { get; set; } =
        static (_, _) => new Dictionary<string, object?>();

    /// <summary>
    /// Tells who stands behind a bearer token from a WebSocket's connection_init; null refuses the connection. Default: the host's
    /// default authentication scheme is asked, as if the token had come in the Authorization header.
    /// </summary>
    public Func<HttpContext, string, CancellationToken, ValueTask<ClaimsPrincipal?>> AuthenticateToken { get; set; } =
        ConnectionToken.AuthenticateAsync;

    /// <summary>When the caller's token ends, so that subscriptions end with it. Default: the <c>exp</c> claim.</summary>
    public Func<ClaimsPrincipal, DateTimeOffset?> TokenExpiry { get; set; } = ConnectionToken.ExpiryOf;
}

/// <summary>Limits on one GraphQL document. Every one of them has an error code of its own.</summary>
public sealed class DocumentLimits
{
    /// <summary>Most bytes of the document's text, checked before parsing. Default 16 kB.</summary>
    [Range(64, 1 << 20)] public int SizeMaxBytes { get; set; } = 16_384;

    /// <summary>Most lexical tokens. Default 4,000; GraphiQL's introspection has about 400.</summary>
    [Range(8, 1_000_000)] public int TokensMax { get; set; } = 4_000;

    /// <summary>Most selections after every fragment is written out in full. Default 1,000.</summary>
    [Range(1, 1_000_000)] public int ExpandedSelectionsMax { get; set; } = 1_000;

    /// <summary>Deepest nesting of fields. Default 16: introspection as tools send it reaches 15.</summary>
    [Range(1, 64)] public int DepthMax { get; set; } = 16;

    /// <summary>Most aliased fields after expansion. Default 50.</summary>
    [Range(0, 100_000)] public int AliasesMax { get; set; } = 50;

    /// <summary>
    /// Most selections whose response name was already selected at the same place. Default 50: graphql-dotnet compares all of
    /// them with each other, and 1,000 cost it 180 ms.
    /// </summary>
    [Range(0, 100_000)] public int RepeatsMax { get; set; } = 50;

    /// <summary>Most directives after expansion. Default 50.</summary>
    [Range(0, 100_000)] public int DirectivesMax { get; set; } = 50;

    /// <summary>Most operations in one document. Default 10.</summary>
    [Range(1, 1_000)] public int OperationsMax { get; set; } = 10;

    /// <summary>
    /// Most fragments in one document. Default 50: graphql-dotnet compares every two that meet at one place, and 330 cost it two seconds.
    /// </summary>
    [Range(0, 10_000)] public int FragmentsMax { get; set; } = 50;

    /// <summary>Most variables that one operation declares. Default 100.</summary>
    [Range(0, 10_000)] public int VariablesMax { get; set; } = 100;

    /// <summary>Most values written into the document: list items, object fields, arguments. Default 1,000; more belongs in variables.</summary>
    [Range(1, 100_000)] public int LiteralValuesMax { get; set; } = 1_000;
}

/// <summary>Limits and times of subscriptions.</summary>
public sealed class SubscriptionLimits
{
    /// <summary>Origins (scheme, host, port) a browser may open a WebSocket from, besides the server's own. A request without Origin passes.</summary>
    public ISet<string> AllowedOrigins { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Time a client has for connection_init. Default 10 s, then close 4408.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")] public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of one WebSocket message. Default 1 MiB, then close 1009.</summary>
    [Range(1_024, 64 << 20)] public int MessageSizeMaxBytes { get; set; } = 1 << 20;

    /// <summary>Most operations one connection runs at a time. Default 50.</summary>
    [Range(1, 10_000)] public int OperationsPerConnectionMax { get; set; } = 50;

    /// <summary>Messages that wait for a slow reader. Default 256; one more ends the connection.</summary>
    [Range(1, 100_000)] public int OutgoingQueueMax { get; set; } = 256;

    /// <summary>Most bytes of those messages together. Default 32 MiB: two answers of the largest kind. One message more than that ends the connection; one alone may be larger.</summary>
    [Range(1_024, 1L << 32)] public long OutgoingQueueMaxBytes { get; set; } = 32 << 20;

    /// <summary>Silence after which a server-sent stream gets a comment line and a WebSocket a ping. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")] public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);
}
