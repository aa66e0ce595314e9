namespace Hrms.Embedded;

/// <summary>Where and how a private PostgreSQL runs.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Holds everything of this server, kept between runs. One owner at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>Settings besides or instead of ours, by their names in postgresql.conf: <c>["shared_buffers"] = "1GB"</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a start may take, crash recovery included. Default two minutes.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock that patience is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
