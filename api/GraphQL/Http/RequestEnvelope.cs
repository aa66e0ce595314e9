namespace Hrms.Api.GraphQL.Http;

/// <summary>One GraphQL request as it came over the wire; its parts are slices of the body until somebody needs them.</summary>
internal sealed class RequestEnvelope
{
    /// <summary>The document's text in UTF-8; empty when the request names a trusted document.</summary>
    public ReadOnlyMemory<byte> Document { get; set; }

    /// <summary>Which operation of the document is meant, or null.</summary>
    public string? OperationName { get; set; }

    /// <summary>The id of a trusted document, or null.</summary>
    public string? DocumentId { get; set; }

    /// <summary>The JSON object of variables, or empty.</summary>
    public ReadOnlyMemory<byte> Variables { get; set; }
}
