namespace TsVlm.Tests;

/// <summary>What the files shared with the tests ask for, in a program: a server that cannot be had ends it with the reason.</summary>
internal static class Assert
{
    public static void SkipUnless(bool condition, string reason)
    {
        if (!condition) throw new TsVlm.Chaos.MissingServerException(reason);
    }
}
