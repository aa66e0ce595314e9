namespace Hrms.Load.Running;

/// <summary>Which system is measured.</summary>
/// <param name="Urls">API processes that run; empty: one is started.</param>
/// <param name="Data">The data folder of an embedded system, or of the authority whose tokens the API processes take.</param>
/// <param name="Database">How to reach the PostgreSQL of silos that run in processes of their own (Npgsql); null: the embedded one of the folder.</param>
/// <param name="Silos">So many are started as processes of their own; null: everything is in one.</param>
/// <param name="Apis">API processes in front of these silos.</param>
/// <param name="Seed">What people and records are made from; null: the same ones where nothing stays of a run, others each time where it does.</param>
internal sealed record Target(IReadOnlyList<Uri> Urls, string? Data, string? Database, int? Silos, int Apis, int? Seed = null);
