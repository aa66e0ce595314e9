using System.ComponentModel.DataAnnotations;
using Hrms.Storage.Journal;
using Microsoft.Extensions.Options;

namespace Hrms.Storage;

/// <summary>Where the silo keeps its data. A wrong value stops the start.</summary>
public sealed class StorageOptions
{
    /// <summary>How to reach PostgreSQL 16 or newer (Npgsql's keywords). No default: it names the database that this silo shares with its cluster.</summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The key file of <see cref="Keys.FileKeyVault"/>, mode 0600. No default: all silos of a cluster need the same file. Not needed where the host
    /// registers another <see cref="Domain.Ports.IKeyVault"/> first.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// The key file of <see cref="Keys.MemberKeyFile"/>, mode 0600: what this member of the consortium signs consent artefacts with. No default, as for
    /// <see cref="KeyFile"/>.
    /// </summary>
    public string? MemberKeyFile { get; set; }

    /// <summary>The file of <see cref="Keys.KnownMembersFile"/>: public keys of the members whose papers are believed. Null, or no such file: this member's alone.</summary>
    public string? KnownMembersFile { get; set; }

    /// <summary>
    /// Most connections of this process, the journal's writers included. Default 40: reads of two cores never need more, and four silos stay
    /// below PostgreSQL's default of 100 with room for the identity data and an operator.
    /// </summary>
    [Range(4, 1_000)]
    public int ConnectionsMax { get; set; } = 40;

    /// <summary>Limits of the group commit.</summary>
    [Required, ValidateObjectMembers]
    public JournalOptions Journal { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
