using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace TsVlm.Cli.Commands;

/// <summary>What <c>tsvlm --version</c> prints: the version, the commit it was built from, and the version of libtorch.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public static string Text { get; } = Describe();

    /// <summary>The version alone.</summary>
    public static string Version => Text.Split(' ')[1];

    /// <summary>Replaces the text that the option prints by default.</summary>
    public static void Set(RootCommand tsvlm) => tsvlm.Options.OfType<VersionOption>().Single().Action = new VersionLine();

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return 0;
    }

    private static string Describe()
    {
        var assembly = typeof(VersionLine).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        var libtorch = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "LibtorchVersion").Value;
        var commit = version.Length > 1 ? version[1][..Math.Min(10, version[1].Length)] : "unknown";
        return $"tsvlm {version[0]} (commit {commit}, libtorch {libtorch})";
    }
}
