using System.Runtime.InteropServices;

namespace TsVlm.Baselines.Series;

/// <summary>
/// Switches off libtorch's NNPACK, which writes "Could not initialize NNPACK! Reason: Unsupported hardware." to standard error at every
/// convolution on processors that it does not know. No result changes: on x64, libtorch takes NNPACK only for float32 batches of 16 and
/// more, and for these it takes oneDNN first. TorchSharp does not offer the setting (torch.backends.nnpack in Python), and no environment
/// variable is read for it, so libtorch's own function is called.
/// </summary>
internal static class Nnpack
{
    private const string Library = "libtorch_cpu.so";
    private const string GlobalContext = "_ZN2at13globalContextEv";
    private const string SetEnabled = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string GetEnabled = "_ZNK2at7Context17userEnabledNNPACKEv";
    private static int isDone;

    private delegate nint GlobalContextFunction();

    private delegate void SetEnabledFunction(nint context, byte isEnabled);

    private delegate byte GetEnabledFunction(nint context);

    /// <summary>Switches it off once in a process; without effect where libtorch has other names for its functions.</summary>
    public static void Disable()
    {
        if (Interlocked.Exchange(ref isDone, 1) == 1) return;
        var (context, set) = (Find<GlobalContextFunction>(GlobalContext), Find<SetEnabledFunction>(SetEnabled));
        if (context is not null) set?.Invoke(context(), 0);
    }

    /// <summary>Whether libtorch may use it; null where that cannot be found out.</summary>
    internal static bool? IsEnabled() =>
        Find<GlobalContextFunction>(GlobalContext) is { } context && Find<GetEnabledFunction>(GetEnabled) is { } get
        ? get(context()) != 0 : null;

    private static T? Find<T>(string export) where T : Delegate =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, typeof(TorchSharp.torch).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, export, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;
}
