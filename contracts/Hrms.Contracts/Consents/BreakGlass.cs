namespace Hrms.Contracts;

/// <summary>One breaking of the glass.</summary>
[GenerateSerializer, Immutable, Alias("BreakGlassId")]
public readonly record struct BreakGlassId([property: Id(0)] Guid Value)
{
    public static BreakGlassId From(CommandId command) => new(NameBasedId.Create("break-glass", command.ToString()));

    public override string ToString() => Value.ToString("D");
}
