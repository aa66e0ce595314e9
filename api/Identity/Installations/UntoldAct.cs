using Hrms.Contracts;

namespace Hrms.Api.Identity.Installations;

/// <summary>
/// Something that the accounts' server did by itself, in the transaction in which it did it: so neither is there without the other. <see cref="InstallationHistory"/> tells the installation's stream, once.
/// </summary>
public sealed class UntoldAct
{
    public const int AboutMax = 256;

    /// <summary>The command under which the stream is told.</summary>
    public required Guid Id { get; init; }

    public AdministrativeActKind Kind { get; init; }

    public required string About { get; init; }

    public DateTimeOffset DoneAt { get; init; }

    public static UntoldAct Of(AdministrativeActKind kind, string about, DateTimeOffset at) =>
        new() { Id = Guid.NewGuid(), Kind = kind, About = about.Length > AboutMax ? about[..AboutMax] : about, DoneAt = at };
}

/// <summary>A setting as the history knows it.</summary>
public sealed class ToldSetting
{
    public const int ValueMax = 128;

    public required string Name { get; init; }

    public required string Value { get; set; }
}
