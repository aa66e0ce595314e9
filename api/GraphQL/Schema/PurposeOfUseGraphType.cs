using GraphQL.Types;
using GraphQLParser.AST;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>The scalar <c>PurposeOfUse</c>: not an enum, since a code system of anybody's may have purposes. HL7's codes may be written like enum values.</summary>
public sealed class PurposeOfUseGraphType : ScalarGraphType
{
    public PurposeOfUseGraphType()
    {
        Name = nameof(PurposeOfUse);
        Description = "Why somebody asks. One of HL7's codes (http://terminology.hl7.org/CodeSystem/v3-ActReason): "
            + $"{string.Join(", ", PurposeOfUse.OfHl7)}; or a code of another code system, as a string: \"system|code\".";
    }

    /// <inheritdoc/>
    public override object? ParseValue(object? value) => value switch
    {
        null or PurposeOfUse => value,
        string text when PurposeOfUse.TryParse(text, out var purpose) => purpose,
        _ => ThrowValueConversionError(value),
    };

    /// <inheritdoc/>
    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLEnumValue { Name: var name } when PurposeOfUse.TryParse(name.StringValue, out var purpose) => purpose,
        GraphQLStringValue text when PurposeOfUse.TryParse(text.Value.ToString(), out var purpose) => purpose,
        _ => ThrowLiteralConversionError(value),
    };

    /// <inheritdoc/>
    public override bool CanParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => true,
        GraphQLEnumValue { Name: var name } => PurposeOfUse.TryParse(name.StringValue, out _),
        GraphQLStringValue text => PurposeOfUse.TryParse(text.Value.ToString(), out _),
        _ => false,
    };

    /// <inheritdoc/>
    public override object? Serialize(object? value) => value switch
    {
        null => null,
        PurposeOfUse purpose => purpose.ToString(),
        _ => ThrowSerializationError(value),
    };
}
