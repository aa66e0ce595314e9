using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Turns the JSON of the variables into what graphql-dotnet coerces, led by the types that the operation declares: a scalar marked
/// <see cref="IRawJsonScalar"/> gets its slice of the body, everything else the dictionaries, lists and numbers that the library expects.
/// </summary>
internal ref struct VariableReader
{
    /// <summary>Longest integer that is taken: to parse digits costs their square.</summary>
    private const int IntegerDigitsMax = 100;

    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _valuesMax;
    private Utf8JsonReader _reader;
    private int _values;

    private VariableReader(ReadOnlyMemory<byte> json, int depthMax, int valuesMax)
    {
        _json = json;
        _valuesMax = valuesMax;
        _reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = depthMax });
    }

    /// <summary>Reads the variables of one operation; names that it does not declare are skipped.</summary>
    /// <param name="json">A JSON object, or empty; raw scalars keep slices of it.</param>
    /// <param name="operation">Declares the types.</param>
    /// <param name="schema">Knows the types.</param>
    /// <param name="options">Limits.</param>
    /// <param name="inputs">The variables, when the result is null.</param>
    public static GraphQLRefusal? TryRead(
        ReadOnlyMemory<byte> json, GraphQLOperationDefinition operation, ISchema schema, GraphQLHttpOptions options, out Inputs inputs)
    {
        inputs = Inputs.Empty;
        if (json.IsEmpty || operation.Variables is not { Count: > 0 } declared)
            return null;
        try
        {
            var reader = new VariableReader(json, options.JsonDepthMax, options.VariableValuesMax);
            inputs = new Inputs(reader.ReadVariables(declared.Items, schema));
            return null;
        }
        catch (BadVariableException refused)
        {
            return new(refused.Code, refused.Message);
        }
        catch (InvalidOperationException)
        {
            return new("BAD_VARIABLE", "A variable holds a string that is not valid Unicode.");
        }
    }

    private Dictionary<string, object?> ReadVariables(List<GraphQLVariableDefinition> declared, ISchema schema)
    {
        var result = new Dictionary<string, object?>(declared.Count);
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            _reader.Read();
            if (declared.Find(variable => variable.Variable.Name.Value == name) is { } variable)
                Add(result, name, ReadValue(TypeOf(variable.Type, schema)));
            else
                _reader.Skip();
        }
        return result;
    }

    private object? ReadValue(IGraphType? type)
    {
        while (type is NonNullGraphType { ResolvedType: var inner })
            type = inner;
        if (++_values > _valuesMax)
            throw new BadVariableException("TOO_MANY_VARIABLE_VALUES", $"The variables hold more than {_valuesMax} values.");
        return _reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.StartArray when type is ListGraphType list => ReadList(list.ResolvedType),
            _ when type is ListGraphType list => ReadValue(list.ResolvedType), // one item stands for a list of one
            _ when type is IRawJsonScalar => ReadRaw(),
            JsonTokenType.StartArray => ReadList(null),
            JsonTokenType.StartObject => ReadObject(type as IInputObjectGraphType),
            JsonTokenType.String => _reader.GetString(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => ReadNumber(),
        };
    }

    private RawJson ReadRaw()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return new RawJson(_json[start..(int)_reader.BytesConsumed]);
    }

    private List<object?> ReadList(IGraphType? itemType)
    {
        var items = new List<object?>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(itemType));
        return items;
    }

    private Dictionary<string, object?> ReadObject(IInputObjectGraphType? type)
    {
        var members = new Dictionary<string, object?>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            _reader.Read();
            Add(members, name, ReadValue(type?.Fields.Find(name)?.ResolvedType));
        }
        return members;
    }

    private readonly object ReadNumber()
    {
        if (_reader.TryGetInt32(out var small))
            return small;
        if (_reader.TryGetInt64(out var large))
            return large;
        var text = _reader.ValueSpan;
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
            return text.Length <= IntegerDigitsMax
                ? BigInteger.Parse(Encoding.ASCII.GetString(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : throw new BadVariableException("BAD_VARIABLE", $"A variable holds an integer of more than {IntegerDigitsMax} digits.");
        if (!_reader.TryGetDouble(out var real) || !double.IsFinite(real))
            throw new BadVariableException("BAD_VARIABLE", "A variable holds a number that is out of range.");
        // A decimal is kept only where the double would lose digits: Decimal scalars need them, Float takes both.
        return _reader.TryGetDecimal(out var exact) && (decimal)real != exact ? exact : real;
    }

    private static void Add(Dictionary<string, object?> members, string name, object? value)
    {
        if (!members.TryAdd(name, value))
            throw new BadVariableException("BAD_VARIABLE", "A variable holds a member that comes twice.");
    }

    /// <summary>The graph type of a written type such as <c>[ID!]</c>; null when the schema has none of that name.</summary>
    private static IGraphType? TypeOf(GraphQLType written, ISchema schema) => written switch
    {
        GraphQLNonNullType { Type: var inner } => TypeOf(inner, schema),
        GraphQLListType { Type: var inner } => new ListGraphType(TypeOf(inner, schema) ?? new StringGraphType()),
        GraphQLNamedType named => schema.AllTypes[named.Name.Value],
        _ => null,
    };

    private sealed class BadVariableException(string code, string message) : Exception(message)
    {
        public string Code { get; } = code;
    }
}
