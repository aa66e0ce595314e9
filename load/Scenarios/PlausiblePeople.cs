using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hrms.Load.Scenarios;

/// <summary>Who takes part in a run, made from a seed: the same seed gives the same patients' ids, and the same practitioners with the same names and identifiers.</summary>
internal static class PlausiblePeople
{
    private static readonly string[] Given = ["Ana", "Bruno", "Chidi", "Dilnoza", "Elin", "Farid", "Grace", "Hiroshi", "Ines", "Jonas", "Kamala", "Luca", "Mei", "Nadia", "Oskar", "Priya"];
    private static readonly string[] Family = ["Almeida", "Berg", "Chen", "Duarte", "Eze", "Fischer", "Gupta", "Haddad", "Ivanova", "Jansen", "Kowalski", "Lindholm", "Moreau", "Nakamura", "Okafor", "Silva"];
    private static readonly string[] Specialities = ["general practice", "internal medicine", "cardiology", "endocrinology", "paediatrics", "radiology", "surgery", "psychiatry"];

    /// <summary>The id of the command that registers the n-th patient: the patient's own follows from it.</summary>
    public static Guid PatientCommand(int seed, int number) => new(Hash(seed, "patient", number).AsSpan(0, 16));

    /// <summary>Name and identifier of the n-th practitioner, with what they are practised in.</summary>
    public static (string Name, string Identifier) Practitioner(int seed, int number)
    {
        var hash = Hash(seed, "practitioner", number);
        return ($"Dr {Given[hash[0] % Given.Length]} {Family[hash[1] % Family.Length]}, {Specialities[hash[2] % Specialities.Length]}", $"{BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(3)):D20}");
    }

    private static byte[] Hash(int seed, string what, int number) => SHA256.HashData(Encoding.ASCII.GetBytes($"{seed}/{what}/{number}"));
}
