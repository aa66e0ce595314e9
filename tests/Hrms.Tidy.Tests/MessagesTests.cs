using System.Reflection;
using System.Text.RegularExpressions;
using Hrms.Contracts;

namespace Hrms.Tidy.Tests;

/// <summary>What crosses between processes and versions: every type under a name of its own, every member under a number of its own.</summary>
public sealed class MessagesTests
{
    private static readonly Type[] Types =
        [.. typeof(IPatientGrain).Assembly.GetTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)];

    private static readonly Type[] Grains =
        [.. typeof(IPatientGrain).Assembly.GetTypes().Where(type => type.IsInterface && typeof(Orleans.Runtime.IAddressable).IsAssignableFrom(type))];

    [Fact]
    public void EveryMessage_HasAnAlias_AndNoTwoTheSame()
    {
        var messages = Types.Where(type => !type.IsEnum).Concat(Grains).ToList();
        Assert.True(messages.Count > 30);
        Offences.None(messages.Where(type => type.GetCustomAttribute<AliasAttribute>() is null).Select(type => type.Name));
        Assert.Distinct(messages.Select(type => type.GetCustomAttribute<AliasAttribute>()!.Alias));
    }

    [Fact]
    public void EveryMethodOfAGrain_HasAnAlias_AndNoTwoTheSame()
    {
        foreach (var grain in Grains)
        {
            var aliases = grain.GetMethods().Select(method => (method.Name, method.GetCustomAttribute<AliasAttribute>()?.Alias)).ToList();
            Offences.None(aliases.Where(method => method.Alias is null).Select(method => $"{grain.Name}.{method.Name}"));
            Assert.Distinct(aliases.Select(method => method.Alias));
        }
    }

    [Fact]
    public void EveryMemberOfAMessage_HasItsNumber_AndNoTwoTheSame()
    {
        foreach (var type in Types.Where(type => !type.IsEnum))
        {
            var members = type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(member => member is PropertyInfo { CanWrite: true } or FieldInfo { IsInitOnly: false } && !member.Name.Contains('<'))
                .Select(member => (member.Name, member.GetCustomAttribute<IdAttribute>()?.Id)).ToList();
            Offences.None(members.Where(member => member.Id is null).Select(member => $"{type.Name}.{member.Name}"));
            Assert.Distinct(members.Select(member => member.Id));
        }
    }

    [Fact]
    public void EveryValueOfAnEnum_IsWrittenDown_BecauseItsNumberIsStored() => Offences.None(
        from path in Repository.EndingWith(".cs")
        where path.StartsWith("contracts/Hrms.Contracts/", StringComparison.Ordinal)
        from Match found in Regex.Matches(Repository.Text(path), @"public enum \w+\s*\{(.*?)\}", RegexOptions.Singleline)
        from value in Regex.Replace(found.Groups[1].Value, "//.*", "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where !Regex.IsMatch(value, @"=\s*\d+$")
        select $"{path}: {value}");

    [Fact]
    public void NoTwoGrainClasses_ShareTheNameOfTheirState() => Assert.Distinct(
        from path in Repository.ProductCode()
        from Match found in Regex.Matches(Repository.Text(path), "PersistentState\\(\"([^\"]+)\"")
        select found.Groups[1].Value);
}
