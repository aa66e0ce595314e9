using System.Diagnostics;
using System.Security.Claims;
using System.Text;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQL.Validation.Rules;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>An operation that kept to all limits and is ready to run once.</summary>
internal sealed record PreparedOperation(DocumentKey Key, PreparedDocument Document, GraphQLOperationDefinition Definition, Inputs Variables)
{
    public OperationType Kind => Definition.Operation;

    public long Cost => Document.Costs[Definition];
}

/// <summary>
/// Takes a request from envelope to result, the same for every transport: find the document, hold it to the limits, read the variables,
/// run it with graphql-dotnet. Called by the HTTP endpoint and by WebSocket connections; knows neither.
/// </summary>
internal sealed class GraphQLEngine(
    ISchema schema, IDocumentExecuter executer, GraphQLHttpOptions options, ILogger<GraphQLEngine> log)
{
    private static readonly IEnumerable<IValidationRule> ArgumentRules = [FieldArgumentsAreValidRule.Instance];
    private readonly IReadOnlySet<string> _lookUps = LookUpAttribute.In(schema);
    private readonly DocumentCache _cache = new(options.DocumentCacheEntriesMax);

    /// <summary>Null when <paramref name="operation"/> may run, and is paid for; else why not. Calls no resolver.</summary>
    public GraphQLRefusal? TryPrepare(RequestEnvelope envelope, HttpContext http, ClaimsPrincipal user, out PreparedOperation operation)
    {
        if (TryPrepare(envelope, user, out operation) is { } refusal)
        {
            options.Budget.Charge(http, user, RequestCost.RefusedDocument);
            return refusal;
        }
        return options.Budget.Admit(http, user, operation.Cost) is { } wait ? GraphQLRefusal.Throttled(wait) : null;
    }

    private GraphQLRefusal? TryPrepare(RequestEnvelope envelope, ClaimsPrincipal user, out PreparedOperation operation)
    {
        operation = null!;
        if (TryFindText(envelope, out var text) is { } noText)
            return noText;
        var key = DocumentKey.Of(text.Span);
        var document = _cache.Find(key);
        if (document is null && TryParse(text.Span, out document) is { } badDocument)
            return badDocument;
        if (document!.Introspects && !options.AllowIntrospection(user))
            return new("INTROSPECTION_NOT_ALLOWED", "You may not ask for the schema.");
        if (TryFindOperation(document.Ast, envelope.OperationName, out var definition) is { } noOperation)
            return noOperation;
        if (VariableReader.TryRead(envelope.Variables, definition, schema, options, out var variables) is { } badVariables)
            return badVariables;
        operation = new PreparedOperation(key, document, definition, variables);
        return null;
    }

    /// <summary>Runs an operation. Faults of resolvers become masked errors of the result; only cancellation throws.</summary>
    public Task<ExecutionResult> ExecuteAsync(
        PreparedOperation operation, HttpContext http, ClaimsPrincipal user, IServiceProvider services, CancellationToken cancellation)
    {
        var document = operation.Document;
        return executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Document = document.Ast,
            OperationName = operation.Definition.Name?.StringValue,
            Variables = operation.Variables,
            User = user,
            UserContext = options.CreateUserContext(http, user),
            RequestServices = services,
            CancellationToken = cancellation,
            // A subscription lives as long as its listener; the time-out is for what answers once.
            Timeout = operation.Kind == OperationType.Subscription ? Timeout.InfiniteTimeSpan : options.ExecutionTimeout,
            ValidationRules = document.Validated
                ? document.PlanOf(operation.Definition, schema) ?? ArgumentRules
                : [.. DocumentValidator.CoreRules, new RememberValidated(() => Remember(operation))],
            UnhandledExceptionDelegate = Mask,
        });
    }

    private void Remember(PreparedOperation operation)
    {
        operation.Document.Validated = true;
        _cache.Add(operation.Key, operation.Document);
    }

    private GraphQLRefusal? TryFindText(RequestEnvelope envelope, out ReadOnlyMemory<byte> text)
    {
        text = envelope.Document;
        if (text.IsEmpty && envelope.DocumentId is { } id)
            return options.TrustedDocuments.TryFind(id, out text)
                ? null
                : new("DOCUMENT_NOT_FOUND", "No trusted document has this id.", StatusCodes.Status400BadRequest);
        if (text.IsEmpty)
            return GraphQLRefusal.BadRequest("The member \"query\" is missing: it holds the GraphQL document.");
        if (text.Length > options.Document.SizeMaxBytes)
            return new("DOCUMENT_TOO_LARGE", $"The document is larger than {options.Document.SizeMaxBytes} bytes.");
        if (options.RequireTrustedDocuments && !options.TrustedDocuments.Contains(text.Span))
            return new("DOCUMENT_NOT_TRUSTED", "Only documents that were registered in advance are accepted.");
        return null;
    }

    private GraphQLRefusal? TryParse(ReadOnlySpan<byte> utf8, out PreparedDocument? document)
    {
        document = null;
        var text = DocumentLines.WithoutLoneReturns(Encoding.UTF8.GetString(utf8));
        if (!DocumentLines.AreShort(text))
        {
            if (DocumentLines.Broken(text) is not { } broken)
                return new("DOCUMENT_LINE_TOO_LONG", $"A text, a comment or a name of the document has more than {DocumentLines.LengthMax} characters. Send long texts as variables.");
            if (TryParse(broken.Text, out _) is { } wrong)
                return wrong.Line == 0 ? wrong : wrong.At(Location.FromLinearPosition(text, broken.Offset(wrong.Line, wrong.Column)));
        }
        return TryParse(text, out document);
    }

    private GraphQLRefusal? TryParse(string text, out PreparedDocument? document)
    {
        document = null;
        if (DocumentTokens.Check(text, options.Document.TokensMax) is { } tooMany)
            return tooMany;
        try
        {
            var ast = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.Comments });
            return DocumentGuard.Check(ast, options.Document, _lookUps, out document);
        }
        catch (GraphQLMaxDepthExceededException)
        {
            return new("DOCUMENT_TOO_DEEP", $"The document is nested deeper than {options.Document.DepthMax} levels.");
        }
        catch (GraphQLSyntaxErrorException fault)
        {
            return new("SYNTAX_ERROR", $"Syntax error: {fault.Description}", null, fault.Location.Line, fault.Location.Column);
        }
    }

    private static GraphQLRefusal? TryFindOperation(GraphQLDocument document, string? name, out GraphQLOperationDefinition found)
    {
        found = null!;
        foreach (var operation in document.Definitions.OfType<GraphQLOperationDefinition>())
        {
            if (!string.IsNullOrEmpty(name) && operation.Name?.Value != name)
                continue;
            if (found is not null)
                return new("OPERATION_NOT_NAMED", "The document has several operations: say which one with \"operationName\".");
            found = operation;
            if (!string.IsNullOrEmpty(name))
                return null;
        }
        return found is null ? new("OPERATION_NOT_FOUND", "The document has no such operation.") : null;
    }

    private Task Mask(UnhandledExceptionContext fault)
    {
        if (WireErrors.OfPassing(fault.OriginalException) is { } told)
        {
            fault.Exception = told;
            return Task.CompletedTask;
        }
        var trace = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
        log.ResolverFailed(trace, fault.FieldContext?.FieldDefinition.Name ?? "-", fault.OriginalException.GetType().Name);
        fault.ErrorMessage = $"The server failed to answer this; trace {trace}.";
        return Task.CompletedTask;
    }

    /// <summary>A rule without a visitor: its post step is reached only when every other rule, all variables and all arguments passed.</summary>
    private sealed class RememberValidated(Action remember) : ValidationRuleBase
    {
        public override ValueTask<INodeVisitor?> GetPostNodeVisitorAsync(ValidationContext context)
        {
            if (!context.HasErrors)
                remember();
            return default;
        }
    }
}
