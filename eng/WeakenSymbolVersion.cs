using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks one required symbol version of an ELF library as weak (VER_FLG_WEAK), so that the loader accepts a system library without it.
/// Does nothing where the system library has the version, or where the mark is there already.
/// Format: System V gABI, "Symbol Versioning" (Elf64_Verneed, Elf64_Vernaux).
/// </summary>
public sealed class WeakenSymbolVersion : Task
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2;                  // VER_FLG_WEAK

    [Required] public string Library { get; set; }
    [Required] public string Version { get; set; }
    public string SystemLibrary { get; set; }   // null: whatever this system has

    public override bool Execute()
    {
        if (!File.Exists(Library) || SystemLibrary != null && SystemHasVersion()) return true;
        var image = File.ReadAllBytes(Library);
        if (!Weaken(image)) return true;
        // The file may be a hard link into the package cache: replace it, never write into it.
        var patched = Library + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(patched, image);
        File.Delete(Library);
        File.Move(patched, Library);
        Log.LogMessage(MessageImportance.Normal, "{0}: {1} is now a weak requirement.", Library, Version);
        return true;
    }

    private bool SystemHasVersion()
    {
        var wanted = Encoding.ASCII.GetBytes(Version + "\0");
        return new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib" }
            .Select(folder => Path.Combine(folder, SystemLibrary))
            .Where(File.Exists)
            .Any(path => IndexOf(File.ReadAllBytes(path), wanted) >= 0);
    }

    private bool Weaken(byte[] image)
    {
        var changed = false;
        var sections = (int)BitConverter.ToInt64(image, 0x28);
        var sectionSize = BitConverter.ToUInt16(image, 0x3A);
        var numSections = BitConverter.ToUInt16(image, 0x3C);
        for (var i = 0; i < numSections; i++)
        {
            var header = sections + i * sectionSize;
            if (BitConverter.ToUInt32(image, header + 4) != VersionNeedSection) continue;
            var names = sections + (int)BitConverter.ToUInt32(image, header + 0x28) * sectionSize;
            var strings = (int)BitConverter.ToInt64(image, names + 0x18);
            var need = (int)BitConverter.ToInt64(image, header + 0x18);
            var numNeeds = BitConverter.ToUInt32(image, header + 0x2C);
            for (var n = 0; n < numNeeds; n++)
            {
                var requirement = need + (int)BitConverter.ToUInt32(image, need + 8);
                var numRequirements = BitConverter.ToUInt16(image, need + 2);
                for (var r = 0; r < numRequirements; r++)
                {
                    changed |= WeakenIfNamed(image, requirement, strings);
                    requirement += (int)BitConverter.ToUInt32(image, requirement + 12);
                }
                need += (int)BitConverter.ToUInt32(image, need + 12);
            }
        }
        return changed;
    }

    private bool WeakenIfNamed(byte[] image, int requirement, int strings)
    {
        var name = strings + (int)BitConverter.ToUInt32(image, requirement + 8);
        var end = Array.IndexOf(image, (byte)0, name);
        var flags = BitConverter.ToUInt16(image, requirement + 4);
        if (Encoding.ASCII.GetString(image, name, end - name) != Version || (flags & WeakFlag) != 0) return false;
        BitConverter.GetBytes((ushort)(flags | WeakFlag)).CopyTo(image, requirement + 4);
        return true;
    }

    private static int IndexOf(byte[] haystack, byte[] needle)
    {
        for (var i = Array.IndexOf(haystack, needle[0]); i >= 0
            && i <= haystack.Length - needle.Length; i = Array.IndexOf(haystack, needle[0], i + 1))
            if (needle.SequenceEqual(new ArraySegment<byte>(haystack, i, needle.Length))) return i;
        return -1;
    }
}
