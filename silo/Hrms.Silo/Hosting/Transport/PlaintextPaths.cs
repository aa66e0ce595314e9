namespace Hrms.Silo.Hosting;

/// <summary>Between which processes bytes may travel in the clear beyond this machine. None, unless an operator says so: then something else (a mesh, a tunnel) has to encrypt them.</summary>
[Flags]
public enum PlaintextPaths
{
    None = 0,
    /// <summary>Browsers, apps and scrapers to this process.</summary>
    Http = 1,
    /// <summary>Silos among each other, and API processes to silos.</summary>
    Cluster = 2,
    /// <summary>To PostgreSQL.</summary>
    Postgres = 4,
    /// <summary>To the ledger's nodes.</summary>
    Ledger = 8,
    /// <summary>To the mail server.</summary>
    Mail = 16,
}
