using System.Net.Sockets;
using TsVlm.Artifacts.Folders;
using TsVlm.Artifacts.Tests;
using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.Messaging.Tests;

/// <summary>Disks without room, and other failures that the system raises: what is tried again.</summary>
public sealed class FullDiskTests
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('d', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_full_device_may_pass()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var error = Assert.ThrowsAny<IOException>(WriteToFullDevice);
        Assert.True(Failures.IsTransient(error), $"{error.HResult:x}: {error.Message}");
        Assert.True(Failures.IsTransient(new InvalidOperationException("The checkpoint was not written.", error)));
        Assert.True(Failures.IsTransient(new AggregateException(new FormatException(), error)));
    }

    [Fact]
    public async Task Work_that_does_not_fit_on_the_disk_may_pass_and_passes_once_there_is_room()
    {
        using var disk = TinyDisk.Of(kilobytes: 128);
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[100_000], Stop);
        var store = new FolderArtifactStore(Path.Combine(disk.Path, "store"));
        var error = await Assert.ThrowsAnyAsync<IOException>(() => Publish(store));
        Assert.True(Failures.IsTransient(error), $"{error.HResult:x}: {error.Message}");
        Assert.Null(await store.Find(Key, Stop));

        File.Delete(ballast);
        await Publish(store);
        Assert.Equal(60_000, new FileInfo(Path.Combine(await store.Fetch(Key, Stop), "weights")).Length);
    }

    [Fact]
    public void A_file_that_is_not_there_or_cannot_be_read_would_fail_again()
    {
        using var folder = new TemporaryFolder();
        Assert.False(Failures.IsTransient(Assert.Throws<FileNotFoundException>(() => File.ReadAllBytes(folder.File("none")))));
        Assert.False(Failures.IsTransient(Assert.Throws<DirectoryNotFoundException>(() => File.ReadAllBytes(folder.File("none/none")))));
        Assert.False(Failures.IsTransient(
            Assert.ThrowsAny<IOException>(() => new FileStream(folder.File(new string('a', 300)), FileMode.Create))));
        Assert.False(Failures.IsTransient(new FormatException("expected a number")));
    }

    [Fact]
    public void A_server_that_refuses_connections_may_pass()
    {
        using var client = new TcpClient();
        var port = TestServer.FreePorts();
        Assert.True(Failures.IsTransient(Assert.ThrowsAny<SocketException>(() => client.Connect("127.0.0.1", port))));
    }

    internal static void WriteToFullDevice()
    {
        using var file = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(new byte[1]);
    }

    private static async Task Publish(FolderArtifactStore store)
    {
        var work = store.CreateWorkFolder();
        await File.WriteAllBytesAsync(Path.Combine(work, "weights"), new byte[60_000], Stop);
        await store.Publish(Key, work, Stop);
    }
}
